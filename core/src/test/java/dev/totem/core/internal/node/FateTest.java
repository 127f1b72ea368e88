/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.SendFailedException;
import dev.totem.core.SendFailedException.Fate;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.node.crossing.LoopMailbox;
import dev.totem.core.internal.settings.NodeSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Every send that was subscribed ends, with one signal that is true. */
class FateTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** More is sent than a rotation takes. */
    private static final NodeSettings CONFIG = NodeSettings.defaults()
            .with(Settings.TOKEN, Duration.ofMillis(200))
            .with(Settings.WINDOW_SIZE, 256)
            .with(Settings.MAX_MESSAGES, 96);

    private final StepWorld world = new StepWorld();

    private static List<Log<Position>> sendAll(EvsHandle handle, int from, int to, int bytes) {
        List<Log<Position>> sends = new ArrayList<>();
        for (int i = from; i < to; i++) {
            byte[] payload = new byte[bytes];
            ByteBuffer.wrap(payload).putInt(i);
            sends.add(new Log<Position>().follow(handle.send(payload)));
        }
        return sends;
    }

    private boolean end(List<Log<Position>> sends) {
        return world.runUntil(() -> sends.stream().allMatch(Log::hasEnded), SOON);
    }

    private static long failed(List<Log<Position>> sends, Fate fate) {
        return sends.stream()
                .filter(send -> send.error instanceof SendFailedException reason && reason.fate() == fate)
                .count();
    }

    @Test
    void eachSendIsOrderedOrRefusedWhenItsHandleCloses() {
        List<StepMember> ring = StepMember.ring(world, 3, CONFIG);
        EvsHandle handle = ring.get(0).node.openHandle(world.users);
        new Log<Void>().follow(handle.join("g").then());
        List<Log<Position>> before = sendAll(handle, 0, 500, 1_000);
        Log<Void> closed = new Log<Void>().follow(handle.close());
        List<Log<Position>> after = sendAll(handle, 500, 600, 1_000);

        assertThat(end(before) && end(after)).isTrue();
        assertThat(world.runUntil(() -> closed.isComplete, SOON)).isTrue();

        assertThat(before).allMatch(send -> send.ends == 1 && send.values.size() == 1);
        assertThat(failed(after, Fate.REFUSED)).isEqualTo(100);
        assertThat(world.runUntil(() -> ring.get(2).deliveries().size() == 500, SOON))
                .isTrue();
    }

    @Test
    void aFateToldAtTheCloseLimitIsNotToldAgainWhenTheMessageComesBack() {
        List<StepMember> ring = StepMember.ring(world, 2, CONFIG.with(Settings.CLOSE_LIMIT, Duration.ofMillis(50)));
        EvsHandle handle = ring.get(0).node.openHandle(world.users);
        new Log<Void>().follow(handle.join("g").then());
        Log<Position> positions =
                new Log<Position>().follow(handle.sendAll(Flux.range(0, 400).map(i -> Message.of(new byte[3_000]))));
        List<Log<Position>> sends = sendAll(handle, 0, 400, 3_000);
        world.run(Duration.ofMillis(2));
        ring.get(1).place.link.side = 1;

        Log<Void> closed = new Log<Void>().follow(handle.close());
        assertThat(world.runUntil(() -> closed.isComplete && positions.hasEnded(), SOON))
                .isTrue();
        assertThat(end(sends)).isTrue();
        int delivered = ring.get(0).deliveries().size();
        world.run(Duration.ofSeconds(3));

        assertThat(positions.error).isInstanceOf(SendFailedException.class);
        assertThat(positions.ends).isEqualTo(1);
        assertThat(ring.get(0).deliveries()).hasSizeGreaterThan(delivered);
        assertThat(sends).allMatch(send -> send.ends == 1);
        assertThat(ring.get(0).node.stats().get(Statistics.SEND_BYTES)).isEqualTo(0);
    }

    @Test
    void eachSendEndsWhenTheNodeStopsItself() {
        List<StepMember> ring = StepMember.ring(world, 2, CONFIG);
        StepMember broken = ring.get(0);
        broken.place.link.isBroken = true;
        List<Log<Position>> sends = sendAll(broken.handle, 0, 2_000, 1_000);
        Log<Position> positions = new Log<Position>()
                .follow(broken.handle.sendAll(
                        Flux.range(0, 500).map(i -> Message.of(new byte[500])).concatWith(Flux.never())));
        world.run(Duration.ofMillis(2));
        ring.get(1).place.link.side = 1;

        assertThat(end(sends)).isTrue();
        assertThat(world.runUntil(positions::hasEnded, SOON)).isTrue();

        List<Position> own = broken.positions();
        assertThat(sends).allMatch(send -> send.ends == 1);
        assertThat(sends.stream().flatMap(send -> send.values.stream())).isSubsetOf(own);
        assertThat(failed(sends, Fate.REFUSED)).isPositive();
        assertThat(failed(sends, Fate.UNKNOWN)).isPositive();
        assertThat(positions.error).isInstanceOf(SendFailedException.class);
    }

    @Test
    void aRefusedSendWasSeenByNobodyAndAnUnknownOnePerhaps() {
        List<StepMember> ring = StepMember.ring(world, 3, CONFIG);
        StepMember leaver = ring.get(0);
        List<Log<Position>> sends = sendAll(leaver.handle, 0, 3_000, 5_000);
        world.run(Duration.ofMillis(3));
        leaver.place.link.isBroken = true;

        assertThat(end(sends)).isTrue();
        world.run(Duration.ofSeconds(3));

        List<Integer> seen = ring.get(1).deliveries().stream()
                .filter(delivery -> delivery.sender().equals(NodeId.of(1)))
                .map(delivery -> ByteBuffer.wrap(delivery.payload()).getInt())
                .toList();
        for (int i = 0; i < sends.size(); i++) {
            Log<Position> send = sends.get(i);
            if (send.error instanceof SendFailedException reason && reason.fate() == Fate.REFUSED) {
                assertThat(seen).doesNotContain(i);
            }
        }
        assertThat(seen).isNotEmpty().isSorted();
    }

    @Test
    void aMessageWithoutAPayloadIsRefusedByItsMakerAndDoesNotReachTheNode() {
        assertThatNullPointerException()
                .isThrownBy(() -> Message.of((byte[]) null))
                .withMessage("payload");
    }

    @Test
    void aTaskThatFailsDoesNotKeepThoseBehindItFromTheirTurn() {
        List<String> ran = new ArrayList<>();
        LoopMailbox mailbox = new LoopMailbox(world.place(1).loop, new Catching(ran));
        mailbox.submit(() -> {
            throw new IllegalStateException("defect");
        });
        mailbox.submit(() -> ran.add("next"));
        mailbox.submit(() -> ran.add("last"));

        world.run(Duration.ofMillis(1));

        assertThat(ran).containsExactly("defect", "next", "last");
    }

    /** Ends a batch like the node's loop does when its work fails. */
    private record Catching(List<String> ran) implements LoopMailbox.Batches {

        @Override
        public void batch(Runnable work) {
            try {
                work.run();
            } catch (IllegalStateException defect) {
                ran.add(defect.getMessage());
            }
        }

        @Override
        public void abandoned() {}
    }

    @Test
    void everythingEndsWhenTheLoopIsShutDownUnderTheNode() throws Exception {
        LiveNode live = new LiveNode(CONFIG);
        EvsHandle handle = live.node.openHandle();
        handle.join("g").block(LiveNode.LIMIT);
        Log<Object> events = new Log<>().follow(handle.events().cast(Object.class));
        int count = 20_000;
        CountDownLatch left = new CountDownLatch(count);
        Map<Integer, String> fates = new ConcurrentHashMap<>();
        Map<Integer, Integer> signals = new ConcurrentHashMap<>();

        for (int i = 0; i < count; i++) {
            int number = i;
            handle.send(new byte[100])
                    .subscribe(
                            position -> fates.put(number, "sent"),
                            error -> {
                                fates.put(number, String.valueOf(error));
                                signals.merge(number, 1, Integer::sum);
                                left.countDown();
                            },
                            () -> {
                                signals.merge(number, 1, Integer::sum);
                                left.countDown();
                            });
            if (i == count / 2) {
                live.loop.executor.shutdownNow();
            }
        }

        assertThat(left.await(20, TimeUnit.SECONDS))
                .as("%d without a fate", left.getCount())
                .isTrue();
        assertThat(signals.values()).containsOnly(1);
        assertThat(fates.get(count - 1)).contains("SendFailedException");
        assertThat(Flux.interval(Duration.ofMillis(1))
                        .filter(tick -> events.hasEnded())
                        .blockFirst(LiveNode.LIMIT))
                .isNotNull();
        assertThat(events.error).isInstanceOf(ProtocolFailureException.class);
        assertThat(live.node.onClose().materialize().block(LiveNode.LIMIT).getThrowable())
                .isInstanceOf(ProtocolFailureException.class);
        handle.close().block(LiveNode.LIMIT);
        assertThat(handle.join("x").materialize().block(LiveNode.LIMIT).getThrowable())
                .isInstanceOfAny(ProtocolFailureException.class, NodeClosedException.class);
    }

    @Test
    void aHandleAnswersAfterTheNodeHasLeftAndItsLoopIsGone() {
        LiveNode live = new LiveNode(CONFIG);
        EvsHandle handle = live.node.openHandle();
        live.close();

        assertThat(handle.send(Message.to("g"))
                        .materialize()
                        .block(LiveNode.LIMIT)
                        .getThrowable())
                .isInstanceOfSatisfying(
                        SendFailedException.class,
                        refused -> assertThat(refused.fate()).isEqualTo(Fate.REFUSED));
        assertThat(handle.sendAll(Flux.just(Message.to("g")))
                        .materialize()
                        .blockLast(LiveNode.LIMIT)
                        .getThrowable())
                .isInstanceOf(SendFailedException.class);
        assertThat(handle.events().materialize().blockLast(LiveNode.LIMIT).getThrowable())
                .isInstanceOf(NodeClosedException.class);
        assertThat(handle.join("g").materialize().block(LiveNode.LIMIT).getThrowable())
                .isInstanceOf(NodeClosedException.class);
        handle.close().block(LiveNode.LIMIT);
        live.node.leave().block(LiveNode.LIMIT);
    }
}
