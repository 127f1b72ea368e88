/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The node's part of the memory for sends bounds all publishers and all single sends together. */
class SendShareTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration A_WHILE = Duration.ofMillis(500);
    private static final int LARGE = 1 << 20;
    private static final long SHARE = 32L << 20;
    private static final NodeSettings CONFIG = NodeSettings.defaults()
            .with(Settings.TOKEN, Duration.ofMillis(200))
            .with(Settings.MEMORY, (int) (4 * SHARE));

    private final StepWorld world = new StepWorld();
    private final AtomicLong madeBytes = new AtomicLong();

    private StepWorld.Place stuck() {
        StepWorld.Place place = world.place(1);
        place.disk.isStuck = true;
        return place;
    }

    private Message made(int bytes) {
        madeBytes.addAndGet(bytes);
        return Message.to("g").payload(new byte[bytes]);
    }

    private List<Log<Position>> publish(EvsHandle handle, int publishers, Flux<Message> upstream) {
        return IntStream.range(0, publishers)
                .mapToObj(i -> new Log<Position>().follow(handle.sendAll(upstream)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50})
    void soManyPublishersOfLargeMessagesHaveNoMoreUnderWayThanTheShare(int publishers) {
        EvsHandle handle = stuck().start(CONFIG).openHandle(world.users);

        publish(handle, publishers, Flux.range(0, 100).map(i -> made(LARGE)));
        world.run(A_WHILE);

        assertThat(madeBytes.get()).isBetween(Math.min(publishers * 4L * LARGE, SHARE - 2 * LARGE), SHARE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50})
    void soManyPublishersThatMakeLargeMessagesOnAnotherThreadHaveNoMoreUnderWayThanTheShare(int publishers) {
        EvsHandle handle = stuck().start(CONFIG).openHandle(world.users);

        publish(handle, publishers, Flux.range(0, 100).publishOn(world.users, 1).map(i -> made(LARGE)));
        world.run(A_WHILE);

        assertThat(madeBytes.get()).isBetween(Math.min(publishers * 4L * LARGE, SHARE - 2 * LARGE), SHARE);
    }

    @Test
    void whatPublishersAndSingleSendsHaveUnderWayIsCountedTogether() {
        StepWorld.Place place = stuck();
        var node = place.start(CONFIG);
        EvsHandle handle = node.openHandle(world.users);

        for (int i = 0; i < 40; i++) {
            new Log<Position>().follow(handle.send(Message.to("g").payload(new byte[LARGE])));
            publish(handle, 1, Flux.range(0, 100).map(n -> made(LARGE)));
        }
        world.run(A_WHILE);

        assertThat(node.stats().get(Statistics.SEND_BYTES)).isBetween(SHARE - 2 * LARGE, SHARE);
    }

    @Test
    void allPublishersHaveTheirTurnsWhereNotAllHaveRoom() {
        NodeSettings small = CONFIG.with(Settings.MEMORY, 8 << 20).with(Settings.MAX_MESSAGE_SIZE, 1 << 18);
        StepMember node =
                StepMember.ring(world, 1, small.with(Settings.WINDOW_SIZE, 32)).get(0);

        List<Log<Position>> sent = publish(node.handle, 50, Flux.range(0, 40).map(i -> made(1 << 17)));

        assertThat(world.runUntil(() -> sent.stream().allMatch(log -> !log.values.isEmpty()), SOON))
                .isTrue();
        assertThat(sent).allSatisfy(log -> assertThat(log.values.size()).isBetween(1, 12));
        assertThat(world.runUntil(() -> sent.stream().allMatch(log -> log.isComplete), SOON))
                .isTrue();
        assertThat(world.runUntil(() -> node.node.stats().get(Statistics.SEND_BYTES) == 0, SOON))
                .isTrue();
    }

    @Test
    void publishersThatMakeNothingKeepNoRoomFromThoseWhoDo() {
        StepMember node = StepMember.ring(world, 1, CONFIG).get(0);
        publish(node.handle, 100, Flux.never());
        world.run(A_WHILE);

        List<Log<Position>> sent =
                new ArrayList<>(publish(node.handle, 20, Flux.range(0, 5).map(i -> made(LARGE))));
        sent.add(new Log<Position>().follow(node.handle.send(Message.to("g").payload(new byte[LARGE]))));

        assertThat(world.runUntil(() -> sent.stream().allMatch(log -> log.isComplete), SOON))
                .isTrue();
    }

    @Test
    void aPublisherThatEndsGivesBackTheRoomOfWhatItWasAskedForAndDidNotMake() {
        StepMember node = StepMember.ring(world, 1, CONFIG).get(0);
        Sinks.Many<Message> messages = Sinks.many().unicast().onBackpressureBuffer();
        List<Log<Position>> sent = Stream.of(
                        publish(node.handle, 1, messages.asFlux()),
                        publish(node.handle, 1, Flux.just(made(10))),
                        publish(node.handle, 1, Flux.empty()))
                .flatMap(List::stream)
                .toList();
        messages.tryEmitNext(made(10));
        world.run(A_WHILE);
        messages.tryEmitNext(made(10));
        messages.tryEmitComplete();

        assertThat(world.runUntil(() -> sent.stream().allMatch(log -> log.isComplete), SOON))
                .isTrue();
        assertThat(node.node.stats().get(Statistics.SEND_BYTES)).isEqualTo(0);
    }

    @Test
    void aPublisherWhoseMessagesBecomeLargeExceedsTheShareByNoMoreThanItWasAskedFor() {
        EvsHandle handle = stuck().start(CONFIG).openHandle(world.users);

        publish(handle, 50, Flux.range(0, 100).map(i -> made(i == 0 ? 10 : LARGE)));
        world.run(A_WHILE);

        assertThat(madeBytes.get()).isLessThanOrEqualTo(SHARE + 50L * 4 * LARGE);
    }
}
