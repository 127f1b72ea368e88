/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.EvsEvent;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.Settings;
import dev.totem.core.internal.node.NodesWithoutRecorder;
import dev.totem.core.internal.node.StepMember;
import dev.totem.core.internal.node.StepWorld;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.settings.NodeSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

class JfrObserverTest {

    private static final List<String> KINDS = List.of(
            "TokenLost", "RingFormed", "HoldBack", "RetransmissionBurst", "Pause", "KeyChange", "SlowSubscriber");

    @TempDir
    Path folder;

    private long nowNanos;

    /** What is recorded while this happens. */
    private List<RecordedEvent> recorded(Runnable work) throws IOException {
        Path file = folder.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            KINDS.forEach(kind -> recording.enable("dev.totem." + kind));
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file);
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String kind) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.totem." + kind))
                .toList();
    }

    @Test
    void aMemberThatFallsSilentIsALostTokenAndARingThatForms() throws IOException {
        List<RecordedEvent> events = recorded(() -> {
            StepWorld world = new StepWorld();
            List<StepMember> ring = StepMember.ring(world, 3, NodeSettings.defaults());
            ring.get(0).place.link.side = 1;
            world.run(Duration.ofSeconds(4));
            assertThat(ring.get(1).isInRingOf(2)).isTrue();
        });

        assertThat(of(events, "TokenLost").stream().filter(event -> event.getInt("node") == 2))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getString("during")).startsWith("TOKEN_LOST_IN_OPERATIONAL");
                    assertThat(event.getString("members")).isEqualTo("[1, 2, 3]");
                    assertThat(event.getStackTrace()).isNull();
                });
        List<RecordedEvent> formed = of(events, "RingFormed").stream()
                .filter(event -> event.getInt("node") == 2)
                .toList();
        assertThat(formed.get(formed.size() - 1)).satisfies(event -> {
            assertThat(event.getString("members")).isEqualTo("[2, 3]");
            assertThat(event.getString("left")).isEqualTo("[1]");
            assertThat(event.getString("cause")).isNotEmpty();
            assertThat(event.getBoolean("isPrimary")).isTrue();
        });
    }

    @Test
    void aPauseIsToldWithItsLength() throws IOException {
        List<RecordedEvent> events = recorded(() -> {
            StepWorld world = new StepWorld();
            StepMember one = StepMember.ring(world, 2, NodeSettings.defaults()).get(0);
            one.place.loop.isAsleep = true;
            world.run(Duration.ofMillis(1_500));
            one.place.loop.wake();
            world.run(Duration.ofMillis(100));
        });

        assertThat(of(events, "Pause")).singleElement().satisfies(event -> {
            assertThat(event.getInt("node")).isEqualTo(1);
            assertThat(event.getDuration("length")).isBetween(Duration.ofMillis(1_300), Duration.ofMillis(1_600));
        });
    }

    @Test
    void subscribersThatDoNotFollowHoldTheRingBackAndAreEnded() throws IOException {
        List<RecordedEvent> events = recorded(() -> {
            StepWorld world = new StepWorld();
            StepMember one = new StepMember(
                    world,
                    1,
                    NodeSettings.defaults()
                            .with(Settings.SUBSCRIBER_EVENTS, 64)
                            .with(Settings.STALL_LIMIT, Duration.ofSeconds(2)));
            world.run(StepMember.REST);
            one.handle.events(OverflowPolicy.FAIL).subscribe(new Lazy());
            one.handle.events().subscribe(new Lazy());
            for (int i = 0; i < 200; i++) {
                one.handle.send(Message.to("g")).subscribe(position -> {}, failed -> {});
            }
            world.run(Duration.ofSeconds(5));
        });

        assertThat(of(events, "HoldBack")).hasSize(1);
        assertThat(of(events, "SlowSubscriber")).hasSize(2).allSatisfy(event -> {
            assertThat(event.getInt("node")).isEqualTo(1);
            assertThat(event.getInt("handle")).isEqualTo(1);
            assertThat(event.getLong("lag")).isGreaterThan(50);
        });
        assertThat(of(events, "SlowSubscriber").get(1).getString("reason")).contains("stall-limit 2000 ms");
    }

    private static final class Lazy extends BaseSubscriber<EvsEvent> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnError(Throwable ended) {}
    }

    @Test
    void manyFramesSentAgainAtOnceAreOneBurstAndFewAreNone() throws IOException {
        List<RecordedEvent> events = recorded(() -> {
            JfrObserver observer = new JfrObserver(NodeId.of(7), () -> nowNanos);
            observer.counted(RingCounter.MESSAGES_RETRANSMITTED, JfrObserver.BURST_FRAMES - 1);
            nowNanos += JfrObserver.BURST_NANOS;
            observer.counted(RingCounter.TOKENS, 1);
            for (int visit = 0; visit < 4; visit++) {
                observer.counted(RingCounter.MESSAGES_RETRANSMITTED, 10);
                nowNanos += JfrObserver.BURST_NANOS / 5;
                observer.counted(RingCounter.TOKENS, 1);
            }
            nowNanos += JfrObserver.BURST_NANOS;
            observer.counted(RingCounter.TOKENS, 1);
            observer.counted(RingCounter.TOKENS, 1);
        });

        assertThat(of(events, "RetransmissionBurst")).singleElement().satisfies(event -> {
            assertThat(event.getInt("node")).isEqualTo(7);
            assertThat(event.getInt("frames")).isEqualTo(40);
        });
    }

    @Test
    void aKeyIsToldWithThePositionFromWhichAllSealWithIt() throws IOException {
        Position since = new Position(new RingId(NodeId.of(1), 8), 17, 0);
        List<RecordedEvent> events = recorded(() -> new JfrObserver(NodeId.of(7), () -> 0).rekeyed(3, since));

        assertThat(of(events, "KeyChange")).singleElement().satisfies(event -> {
            assertThat(event.getInt("key")).isEqualTo(3);
            assertThat(event.getString("position")).isEqualTo(since.toString());
        });
    }

    @Test
    void aStreamSeesThemWhileTheRingGoesOn() throws InterruptedException {
        LinkedBlockingQueue<String> members = new LinkedBlockingQueue<>();
        try (RecordingStream stream = new RecordingStream()) {
            stream.enable("dev.totem.RingFormed");
            stream.onEvent("dev.totem.RingFormed", event -> members.add(event.getString("members")));
            stream.startAsync();
            StepMember.ring(new StepWorld(), 2, NodeSettings.defaults());
            String last = "";
            while (!"[1, 2]".equals(last)) {
                last = members.poll(20, TimeUnit.SECONDS);
                assertThat(last).as("told within 20 s").isNotNull();
            }
        }
    }

    @Test
    void nothingIsCollectedWhileNobodyRecords() throws IOException {
        JfrObserver observer = new JfrObserver(NodeId.of(7), () -> nowNanos);
        observer.counted(RingCounter.MESSAGES_RETRANSMITTED, 1_000);

        List<RecordedEvent> events = recorded(() -> {
            nowNanos += JfrObserver.BURST_NANOS;
            observer.counted(RingCounter.TOKENS, 1);
        });

        assertThat(events).isEmpty();
    }

    /** A JVM without the module of the recorder: the node runs all the same. */
    @Test
    void aRuntimeWithoutTheRecorderRunsNodes() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules",
                        "java.se,jdk.unsupported",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodesWithoutRecorder.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("recorder: false", "ready");
    }
}
