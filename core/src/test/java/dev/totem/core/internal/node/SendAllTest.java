/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;

/** {@code sendAll} as an operator: demand, upstreams that misbehave, cancellation, errors. */
class SendAllTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofMillis(500);
    private static final NodeSettings CONFIG = NodeSettings.defaults().with(Settings.TOKEN, Duration.ofMillis(200));

    private static final NodeSettings SMALL =
            CONFIG.with(Settings.WINDOW_SIZE, 32).with(Settings.MEMORY, 1 << 20);

    private final StepWorld world = new StepWorld();
    private final AtomicLong requested = new AtomicLong();

    private Flux<Message> counted(Flux<Integer> numbers) {
        return numbers.map(SendAllTest::message).doOnRequest(requested::addAndGet);
    }

    private static Message message(int number) {
        return Message.of(new byte[] {(byte) number});
    }

    private StepMember alone(NodeSettings config) {
        return StepMember.ring(world, 1, config).get(0);
    }

    private void aWhile() {
        world.run(A_WHILE);
    }

    @Test
    void requestsAMessageOnlyWhenItsPositionWasRequested() {
        StepMember node = alone(CONFIG);

        StepVerifier.create(node.handle.sendAll(counted(Flux.range(0, 100))), 0)
                .expectSubscription()
                .then(this::aWhile)
                .then(() -> assertThat(requested).hasValue(0))
                .thenRequest(3)
                .then(this::aWhile)
                .expectNextCount(3)
                .then(() -> assertThat(requested).hasValue(3))
                .thenRequest(1)
                .then(this::aWhile)
                .expectNextCount(1)
                .then(() -> assertThat(node.deliveries()).hasSize(4))
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void takeSendsExactlyAsManyMessagesAsItTakesPositions() {
        StepMember node = alone(CONFIG);

        Log<Position> taken = new Log<Position>()
                .follow(node.handle.sendAll(counted(Flux.range(0, 100))).take(10));
        world.run(A_WHILE);

        assertThat(taken.isComplete).isTrue();
        assertThat(node.positions()).hasSize(10).isEqualTo(taken.values);
    }

    @Test
    void holdsNoMoreMessagesThanItsPartOfTheMemoryWhileTheRingStandsStill() {
        StepWorld.Place place = world.place(1);
        place.disk.isStuck = true;
        var handle = place.start(SMALL).openHandle(world.users);
        handle.join("g").subscribe();

        Log<Position> sent = new Log<Position>()
                .follow(handle.sendAll(Flux.range(0, 1_000)
                        .map(i -> Message.of(new byte[10_000]))
                        .doOnRequest(requested::addAndGet)));
        world.run(A_WHILE);

        assertThat(requested.get()).isBetween(20L, 27L);
        assertThat(sent.hasEnded()).isFalse();
    }

    @Test
    void hasNoMoreBytesInFlightThanItsLimit() {
        assertThat(requestedWhileNothingIsOrdered(message -> message)).isBetween(90L, 105L);
    }

    @Test
    void hasThreeTimesTheBytesInFlightThatAreToBeSafe() {
        assertThat(requestedWhileNothingIsOrdered(Message::safe)).isBetween(270L, 315L);
    }

    private long requestedWhileNothingIsOrdered(UnaryOperator<Message> kind) {
        StepWorld.Place place = world.place(1);
        place.disk.isStuck = true;
        NodeSettings config = CONFIG.with(Settings.SEND_BYTES_IN_FLIGHT, 1 << 20);
        var handle = place.start(config).openHandle(world.users);
        handle.join("g").subscribe();

        new Log<Position>()
                .follow(handle.sendAll(Flux.range(0, 1_000)
                        .map(i -> kind.apply(Message.of(new byte[10_000])))
                        .doOnRequest(requested::addAndGet)));
        world.run(A_WHILE);

        return requested.get();
    }

    @Test
    void takesItsTurnAmongSingleSendsThatWaitForRoom() {
        StepMember node = StepMember.ring(world, 2, SMALL).get(0);
        for (int i = 0; i < 40; i++) {
            new Log<Position>().follow(node.handle.send(sized(1)));
        }
        world.run(Duration.ofNanos(1));
        new Log<Position>().follow(node.handle.sendAll(Flux.just(sized(2)).doOnRequest(requested::addAndGet)));
        for (int i = 0; i < 40; i++) {
            new Log<Position>().follow(node.handle.send(sized(3)));
        }
        world.run(Duration.ofNanos(1));
        assertThat(node.node.stats().get(Statistics.SENDS_WAITING)).isGreaterThan(50);
        assertThat(requested).hasValue(0);

        assertThat(world.runUntil(() -> requested.get() > 0, SOON)).isTrue();

        assertThat(node.node.stats().get(Statistics.SENDS_WAITING)).isBetween(20L, 40L);
        assertThat(world.runUntil(() -> node.deliveries().size() == 81, SOON)).isTrue();
    }

    @Test
    void emitsThePositionsOfWhatCameBeforeAnErrorOfUpstream() {
        StepMember node = alone(CONFIG);
        TestPublisher<Message> upstream = TestPublisher.create();

        StepVerifier.create(node.handle.sendAll(upstream.flux()))
                .expectSubscription()
                .then(() -> upstream.next(message(1), message(2)).error(new IllegalStateException("upstream")))
                .then(this::aWhile)
                .expectNextCount(2)
                .expectErrorMessage("upstream")
                .verify(SOON);
        assertThat(node.deliveries()).hasSize(2);
    }

    @Test
    void failsWhenUpstreamOverflowsAfterThePositionsOfWhatWasRequested() {
        StepMember node = alone(CONFIG);
        TestPublisher<Message> upstream = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        Message last = message(3);

        StepVerifier.create(node.handle.sendAll(upstream.flux()), 1)
                .expectSubscription()
                .then(() -> upstream.next(message(1), message(2), last))
                .then(this::aWhile)
                .expectNextCount(1)
                .expectErrorMatches(Exceptions::isOverflow)
                .verifyThenAssertThat(SOON)
                .hasDropped(last);
        upstream.assertCancelled();
        assertThat(node.deliveries()).hasSize(1);
    }

    @Test
    void dropsWhatUpstreamSignalsAfterItsEnd() {
        StepMember node = alone(CONFIG);
        TestPublisher<Message> upstream =
                TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        Message late = message(2);

        StepVerifier.create(node.handle.sendAll(upstream.flux()))
                .expectSubscription()
                .then(() -> upstream.next(message(1)).complete().next(late).error(new IllegalStateException("late")))
                .then(this::aWhile)
                .expectNextCount(1)
                .expectComplete()
                .verifyThenAssertThat(SOON)
                .hasDropped(late)
                .hasDroppedErrorWithMessage("late");
        assertThat(node.deliveries()).hasSize(1);
    }

    @Test
    void dropsWhatUpstreamSignalsAfterItWasCancelled() {
        StepMember node = alone(CONFIG);
        TestPublisher<Message> upstream = TestPublisher.createNoncompliant(TestPublisher.Violation.DEFER_CANCELLATION);
        Message late = message(2);

        StepVerifier.create(node.handle.sendAll(upstream.flux()))
                .expectSubscription()
                .then(() -> upstream.next(message(1)))
                .then(this::aWhile)
                .expectNextCount(1)
                .thenCancel()
                .verifyThenAssertThat(SOON)
                .hasNotDroppedElements();
        upstream.next(late);
        world.run(A_WHILE);

        assertThat(node.deliveries()).hasSize(1);
    }

    @Test
    void cancelReachesUpstreamAndTakesBackWhatWasNotOrdered() {
        StepWorld.Place place = world.place(1);
        place.disk.isStuck = true;
        var node = place.start(CONFIG);
        var handle = node.openHandle(world.users);
        handle.join("g").subscribe();
        world.run(A_WHILE);
        long joined = node.stats().get(Statistics.SEND_BYTES);
        PublisherProbe<Message> probe =
                PublisherProbe.of(Flux.range(0, 50).map(SendAllTest::message).concatWith(Flux.never()));
        Log<Position> sent = new Log<Position>().follow(handle.sendAll(probe.flux()));
        world.run(A_WHILE);
        assertThat(node.stats().get(Statistics.SEND_BYTES)).isGreaterThan(50);

        sent.subscription.dispose();
        world.run(A_WHILE);

        probe.assertWasCancelled();
        assertThat(node.stats().memory().sendBytes()).isEqualTo(joined);
        assertThat(node.stats().memory().sendBacklog()).isEqualTo(1);
        assertThat(sent.hasEnded()).isFalse();
    }

    @Test
    void subscribesUpstreamOnlyWhenItIsSubscribed() {
        StepMember node = alone(CONFIG);
        PublisherProbe<Message> probe = PublisherProbe.of(Flux.just(message(1)));
        Flux<Position> cold = node.handle.sendAll(probe.flux());
        probe.assertWasNotSubscribed();

        Log<Position> first = new Log<Position>().follow(cold);
        Log<Position> second = new Log<Position>().follow(cold);
        world.run(A_WHILE);

        assertThat(probe.subscribeCount()).isEqualTo(2);
        assertThat(first.values).hasSize(1).doesNotContainAnyElementsOf(second.values);
        assertThat(node.deliveries()).hasSize(2);
    }

    @Test
    void aRefusedMessageEndsItAfterThePositionsBeforeAndNothingBehindIsSent() {
        // Its ring is still to form: what stands behind the refused one has not been ordered yet.
        StepMember node = new StepMember(world, 1, CONFIG);
        PublisherProbe<Message> probe = PublisherProbe.of(Flux.range(0, 10)
                .map(i -> i == 4 ? Message.of(new byte[(1 << 20) + 1]) : message(i))
                .concatWith(Flux.never()));

        StepVerifier.create(node.handle.sendAll(probe.flux()))
                .expectSubscription()
                .then(this::aWhile)
                .expectNextCount(4)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(SendFailedException.class, refused -> {
                            assertThat(refused.fate()).isEqualTo(SendFailedException.Fate.REFUSED);
                            assertThat(refused).hasMessageContaining("1048577");
                        }))
                .verify(SOON);
        world.run(A_WHILE);

        probe.assertWasCancelled();
        assertThat(node.deliveries())
                .extracting(delivery -> (int) delivery.payload()[0])
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    void endsWhenItsHandleClosesThoughUpstreamIsIdle() {
        StepMember node = alone(CONFIG);
        PublisherProbe<Message> probe = PublisherProbe.of(Flux.just(message(1)).concatWith(Flux.never()));
        Log<Position> sent = new Log<Position>().follow(node.handle.sendAll(probe.flux()));
        world.run(A_WHILE);

        Log<Void> closed = new Log<Void>().follow(node.handle.close());
        Log<Position> late = new Log<Position>().follow(node.handle.sendAll(Flux.never()));
        world.run(A_WHILE);

        assertThat(closed.isComplete).isTrue();
        assertThat(sent.values).hasSize(1);
        assertThat(List.of(sent, late))
                .allSatisfy(log -> assertThat(log.error)
                        .isInstanceOfSatisfying(
                                SendFailedException.class,
                                refused -> assertThat(refused.fate()).isEqualTo(SendFailedException.Fate.REFUSED)));
        probe.assertWasCancelled();
    }

    @Test
    void aTimeoutFreesThePlaceOfASendAtOnce() {
        StepWorld.Place place = world.place(1);
        place.disk.isStuck = true;
        var node = place.start(CONFIG);
        var handle = node.openHandle(world.users);
        handle.join("g").subscribe();
        world.run(A_WHILE);
        long joined = node.stats().get(Statistics.SEND_BYTES);

        StepVerifier.withVirtualTime(() -> handle.send(new byte[1_000]).timeout(Duration.ofSeconds(3)))
                .expectSubscription()
                .then(() -> world.run(Duration.ofMillis(1)))
                .then(() -> assertThat(node.stats().get(Statistics.SEND_BYTES)).isGreaterThan(1_000))
                .expectNoEvent(Duration.ofSeconds(3).minusMillis(1))
                .thenAwait(Duration.ofMillis(1))
                .expectError(TimeoutException.class)
                .verify(SOON);
        world.run(Duration.ofMillis(1));

        assertThat(node.stats().memory().sendBytes()).isEqualTo(joined);
        assertThat(node.stats().memory().sendBacklog()).isEqualTo(1);
    }

    @Test
    void aTimeoutEndsASendAllThatTheRingDoesNotAdmit() {
        StepWorld.Place place = world.place(1);
        place.disk.isStuck = true;
        var node = place.start(CONFIG);
        var handle = node.openHandle(world.users);
        handle.join("g").subscribe();
        world.run(A_WHILE);
        long joined = node.stats().get(Statistics.SEND_BYTES);
        PublisherProbe<Message> probe = PublisherProbe.of(Flux.range(0, 9).map(SendAllTest::message));

        StepVerifier.withVirtualTime(() -> handle.sendAll(probe.flux()).timeout(Duration.ofSeconds(3)))
                .expectSubscription()
                .then(this::aWhile)
                .thenAwait(Duration.ofSeconds(3))
                .expectError(TimeoutException.class)
                .verify(SOON);
        world.run(Duration.ofMillis(1));

        assertThat(node.stats().memory().sendBytes()).isEqualTo(joined);
        assertThat(node.stats().memory().sendBacklog()).isEqualTo(1);
    }

    @Test
    void keepsTheOrderOfSingleSendsAndSendAllsOfOneHandle() {
        StepMember node = alone(SMALL);
        TestPublisher<Message> upstream = TestPublisher.createCold();
        new Log<Position>().follow(node.handle.sendAll(upstream.flux()));
        for (int i = 0; i < 100; i += 2) {
            new Log<Position>().follow(node.handle.send(sized(i)));
            upstream.next(sized(i + 1));
        }

        assertThat(world.runUntil(() -> node.deliveries().size() == 100, SOON)).isTrue();

        List<Integer> numbers =
                node.deliveries().stream().map(SendAllTest::number).toList();
        assertThat(numbers).filteredOn(number -> number % 2 == 0).hasSize(50).isSorted();
        assertThat(numbers).filteredOn(number -> number % 2 == 1).hasSize(50).isSorted();
    }

    private static Message sized(int number) {
        byte[] payload = new byte[20_000];
        payload[0] = (byte) number;
        return Message.of(payload);
    }

    private static int number(Delivery delivery) {
        return delivery.payload()[0];
    }
}
