/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupName;
import dev.totem.core.Message;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Subscribers that do not keep up: what it costs the ring, for how long, and what it does not cost the others. */
class SlowSubscriberTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration STALL = Duration.ofSeconds(2);
    private static final NodeSettings CONFIG = NodeSettings.defaults()
            .with(Settings.TOKEN, Duration.ofMillis(200))
            .with(Settings.WINDOW_SIZE, 16)
            .with(Settings.SUBSCRIBER_EVENTS, 64)
            .with(Settings.STALL_LIMIT, STALL);

    private final StepWorld world = new StepWorld();

    /** Requests what the test says, and nothing else. */
    private static final class Reluctant extends BaseSubscriber<EvsEvent> {

        final List<EvsEvent> seen = new ArrayList<>();
        Throwable error;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(EvsEvent event) {
            seen.add(event);
        }

        @Override
        protected void hookOnError(Throwable reason) {
            error = reason;
        }
    }

    private Reluctant reluctant(StepMember member, String group, OverflowPolicy policy) {
        EvsHandle handle = member.node.openHandle(world.users);
        Log<Void> joined = new Log<Void>().follow(handle.join(group).then());
        Reluctant subscriber = new Reluctant();
        handle.events(policy).subscribe(subscriber);
        assertThat(world.runUntil(() -> joined.isComplete, SOON)).isTrue();
        world.run(StepMember.REST);
        return subscriber;
    }

    private static Log<Position> load(StepMember member, int messages, int bytes) {
        return new Log<Position>()
                .follow(member.handle.sendAll(Flux.range(0, messages).map(i -> Message.of(new byte[bytes]))));
    }

    private static long held(StepMember member) {
        return member.node.stats().get(Statistics.HELD_BACK);
    }

    @Test
    void theRingSlowsDownAndSpeedsUpAgainWithASubscriber() {
        List<StepMember> ring = StepMember.ring(world, 3, CONFIG);
        Reluctant slow = reluctant(ring.get(2), "g", OverflowPolicy.HOLD_BACK);
        Log<Position> sent = load(ring.get(0), 3_000, 1_000);
        world.run(Duration.ofSeconds(1));
        int stalled = ring.get(1).deliveries().size();
        assertThat(stalled).isLessThan(200);
        assertThat(held(ring.get(2))).isEqualTo(1);

        slow.request(1_000);
        world.run(Duration.ofSeconds(1));
        assertThat(ring.get(1).deliveries()).hasSizeBetween(stalled + 800, stalled + 1_200);
        slow.requestUnbounded();
        assertThat(world.runUntil(() -> sent.isComplete && slow.seen.size() == 3_002, SOON))
                .isTrue();

        assertThat(slow.error).isNull();
        assertThat(held(ring.get(2))).isZero();
        assertThat(ring.get(1).deliveries()).hasSize(3_000);
        assertThat(slow.seen.subList(2, 3_002)).isEqualTo(ring.get(2).deliveries());
    }

    @Test
    void aSubscriberThatIsSlowButSteadyIsNotEnded() {
        NodeSettings config = CONFIG.with(Settings.SUBSCRIBER_EVENTS, 4_096);
        List<StepMember> ring = StepMember.ring(world, 2, config);
        Reluctant steady = reluctant(ring.get(1), "g", OverflowPolicy.HOLD_BACK);
        Log<Position> sent = load(ring.get(0), 12_000, 10);

        for (int i = 0; i < 80; i++) {
            world.run(Duration.ofMillis(250));
            steady.request(50);
        }

        assertThat(steady.error).isNull();
        assertThat(ring.get(0).deliveries()).hasSizeBetween(4_096 + 3_500, 4_096 + 5_500);
        steady.requestUnbounded();
        assertThat(world.runUntil(() -> sent.isComplete && steady.seen.size() == 12_002, SOON))
                .isTrue();
    }

    @Test
    void aStuckSubscriberEndsAtTheStallLimitWithItsLagAndTheOthersGoOn() {
        List<StepMember> ring = StepMember.ring(world, 3, CONFIG);
        Reluctant stuck = reluctant(ring.get(2), "g", OverflowPolicy.HOLD_BACK);
        Log<Position> sent = load(ring.get(0), 1_000, 1_000);
        world.run(STALL.minusMillis(100));
        assertThat(stuck.error).isNull();

        assertThat(world.runUntil(() -> stuck.error != null, Duration.ofMillis(300)))
                .isTrue();

        assertThat(stuck.error).isInstanceOfSatisfying(SlowSubscriberException.class, reason -> {
            assertThat(reason).hasMessageContaining("stall-limit 2000 ms");
            assertThat(reason.lag()).isBetween(64L, 64L + 3 * 16);
            assertThat(reason.retryCanHelp()).isTrue();
        });
        assertThat(world.runUntil(() -> sent.isComplete, SOON)).isTrue();
        world.run(Duration.ofMillis(100));
        ring.forEach(member -> assertThat(member.positions()).isEqualTo(sent.values));
    }

    @Test
    void anOperatorBehindEventsSetsTheDemand() {
        List<StepMember> ring = StepMember.ring(world, 1, CONFIG);
        StepMember node = ring.get(0);

        StepVerifier.create(node.handle.deliveries(), 0)
                .expectSubscription()
                .then(() -> load(node, 10, 1))
                .then(() -> world.run(Duration.ofMillis(100)))
                .expectNoEvent(Duration.ofMillis(10))
                .thenRequest(3)
                .then(() -> world.run(Duration.ofMillis(100)))
                .expectNextCount(3)
                .thenRequest(7)
                .then(() -> world.run(Duration.ofMillis(100)))
                .expectNextCount(7)
                .then(() -> new Log<Void>().follow(node.handle.close()))
                .then(() -> world.run(Duration.ofMillis(100)))
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void configChangesSkipDeliveriesWithoutDemandForThem() {
        List<StepMember> ring = StepMember.ring(world, 2, CONFIG);
        StepMember node = ring.get(0);

        StepVerifier.create(node.handle.configChanges(), 1)
                .expectSubscription()
                .then(() -> world.run(Duration.ofMillis(10)))
                .expectNextMatches(
                        change -> change.isRegular() && change.members().size() == 2)
                .then(() -> load(node, 50, 1))
                .then(() -> world.run(Duration.ofMillis(500)))
                .thenRequest(2)
                .then(() -> ring.get(1).place.link.side = 1)
                .then(() -> world.run(Duration.ofSeconds(3)))
                .expectNextMatches(change -> !change.isRegular())
                .expectNextMatches(change -> change.members().size() == 1)
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void whatWaitsForAllSubscribersTogetherIsBoundedByTheNodesMemory() {
        NodeSettings config = CONFIG.with(Settings.MEMORY, 2 << 20).with(Settings.SUBSCRIBER_EVENTS, 4_096);
        List<StepMember> ring = StepMember.ring(world, 2, config);
        List<Reluctant> stuck = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stuck.add(reluctant(ring.get(1), "s" + i, OverflowPolicy.HOLD_BACK));
        }
        Log<Position> sent = new Log<Position>()
                .follow(ring.get(0)
                        .handle
                        .sendAll(Flux.range(0, 4_000)
                                .map(i -> Message.to("s" + i % 20, "g").payload(new byte[1_000]))));
        world.run(Duration.ofSeconds(1));
        assertThat(ring.get(1).node.stats().get(Statistics.DELIVERY_BYTES)).isBetween(700L << 10, 1L << 20);
        assertThat(held(ring.get(1))).isEqualTo(1);
        assertThat(sent.hasEnded()).isFalse();

        assertThat(world.runUntil(() -> sent.isComplete, SOON)).isTrue();

        assertThat(stuck).anyMatch(subscriber -> subscriber.error != null);
        assertThat(stuck.stream().map(subscriber -> subscriber.error).filter(error -> error != null))
                .allMatch(SlowSubscriberException.class::isInstance);
        world.run(Duration.ofMillis(100));
        assertThat(ring.get(1).positions()).isEqualTo(sent.values);
    }

    @Test
    void whoDoesNotTakeTheRestOfAClosedHandleDoesNotHoldTheNodesMemoryForEver() {
        NodeSettings config = CONFIG.with(Settings.MEMORY, 2 << 20).with(Settings.SUBSCRIBER_EVENTS, 4_096);
        List<StepMember> ring = StepMember.ring(world, 1, config);
        EvsHandle closing = ring.get(0).node.openHandle(world.users);
        new Log<Void>().follow(closing.join("g").then());
        Reluctant stuck = new Reluctant();
        closing.events().subscribe(stuck);
        world.run(Duration.ofMillis(5));
        Log<Position> first = load(ring.get(0), 600, 1_000);
        assertThat(world.runUntil(() -> first.isComplete, SOON)).isTrue();
        Log<Void> closed = new Log<Void>().follow(closing.close());
        assertThat(world.runUntil(() -> closed.isComplete, SOON)).isTrue();
        Reluctant other = reluctant(ring.get(0), "g", OverflowPolicy.HOLD_BACK);

        Log<Position> second = load(ring.get(0), 600, 1_000);
        world.run(STALL.minusMillis(100));
        assertThat(second.hasEnded()).isFalse();
        assertThat(world.runUntil(() -> second.isComplete, SOON)).isTrue();

        assertThat(stuck.error).isInstanceOf(SlowSubscriberException.class);
        assertThat(other.error).isNull();
        other.requestUnbounded();
        world.run(Duration.ofMillis(100));
        assertThat(other.seen).hasSize(602);
    }

    @Test
    void aSubscriberThatFailsIsTheFirstToGoWhenItFillsTheNodesMemory() {
        NodeSettings config = CONFIG.with(Settings.MEMORY, 2 << 20).with(Settings.SUBSCRIBER_EVENTS, 4_096);
        List<StepMember> ring = StepMember.ring(world, 1, config);
        Reluctant greedy = reluctant(ring.get(0), "g", OverflowPolicy.FAIL);
        Log<Position> sent = load(ring.get(0), 2_000, 1_000);

        assertThat(world.runUntil(() -> sent.isComplete, Duration.ofSeconds(1))).isTrue();

        assertThat(greedy.error).isInstanceOf(SlowSubscriberException.class).hasMessageContaining("memory");
        assertThat(ring.get(0).deliveries()).hasSize(2_000);
    }

    @Test
    void whatACancelledSubscriberHasNotTakenIsFreed() {
        List<StepMember> ring = StepMember.ring(world, 1, CONFIG);
        Reluctant first = reluctant(ring.get(0), "g", OverflowPolicy.HOLD_BACK);
        Reluctant second = reluctant(ring.get(0), "g", OverflowPolicy.HOLD_BACK);
        load(ring.get(0), 30, 1_000);
        world.run(Duration.ofMillis(100));
        assertThat(ring.get(0).node.stats().get(Statistics.DELIVERY_BYTES)).isGreaterThan(30_000);

        first.cancel();
        world.run(Duration.ofMillis(100));
        assertThat(ring.get(0).node.stats().get(Statistics.DELIVERY_BYTES)).isGreaterThan(30_000);
        second.cancel();
        world.run(Duration.ofMillis(500));

        assertThat(ring.get(0).node.stats().get(Statistics.DELIVERY_BYTES)).isEqualTo(0);
    }

    @Test
    void refusesAMemoryThatDoesNotHoldTheRingsWindow() {
        StepWorld.Place place = world.place(1);
        NodeSettings config = NodeSettings.defaults().with(Settings.MEMORY, 1 << 20);

        StepVerifier.create(RunningNode.start(place.id, config, place.environment(), node -> {}))
                .expectSubscription()
                .then(() -> world.run(Duration.ofMillis(1)))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("memory=1048576")
                        .hasMessageContaining("window-size 1024"))
                .verify(SOON);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(
                        () -> NodeSettings.defaults().with(Settings.MEMORY, 1).buffers());
    }

    @Test
    void whoIsToldOfMoreGroupsThanItsQueueHoldsIsNoSlowSubscriber() {
        StepMember member = StepMember.ring(world, 1, CONFIG).get(0);
        EvsHandle handle = member.node.openHandle(world.users);
        List<GroupName> groups = IntStream.range(0, 300)
                .mapToObj(i -> GroupName.of("group " + i))
                .toList();
        Log<Void> joined = new Log<Void>().follow(handle.join(groups).then());
        assertThat(world.runUntil(() -> joined.isComplete, SOON)).isTrue();

        Log<EvsEvent> told = new Log<EvsEvent>().follow(handle.events(OverflowPolicy.FAIL));
        world.run(Duration.ofSeconds(1));

        assertThat(told.error).isNull();
        assertThat(told.values.stream().filter(GroupChange.class::isInstance)).hasSize(300);
    }
}
