/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.ConfigChange;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.NotJoinedException;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.SendFailedException;
import dev.totem.core.Settings;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.Statistics;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Whole nodes over a link in memory, on a clock that the test turns. */
class RunningNodeTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration REAL = Duration.ofSeconds(20);
    private static final NodeSettings CONFIG = NodeSettings.defaults().with(Settings.TOKEN, Duration.ofMillis(200));

    private final StepWorld world = new StepWorld();

    private List<StepMember> ring(int size, NodeSettings config) {
        return StepMember.ring(world, size, config);
    }

    @Test
    void threeNodesDeliverMessagesOfAllSizesInOneOrderAtThePositionsTheSendersAreTold() {
        List<StepMember> ring = ring(3, CONFIG);
        Random random = new Random(5);
        List<Log<Position>> sends = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] payload = new byte[i % 20 == 7 ? 1 << 20 : random.nextInt(5_000)];
            random.nextBytes(payload);
            Guarantee guarantee = List.of(Guarantee.values()).get(i % 3);
            Message message = new Message(List.of(), guarantee, payload);
            sends.add(new Log<Position>().follow(ring.get(i % 3).handle.send(message)));
        }

        assertThat(world.runUntil(
                        () -> sends.stream().allMatch(Log::hasEnded)
                                && ring.stream()
                                        .allMatch(member -> member.deliveries().size() == 60),
                        SOON))
                .isTrue();

        List<Delivery> first = ring.get(0).deliveries();
        assertThat(first).extracting(Delivery::position).isSorted().doesNotHaveDuplicates();
        for (StepMember member : ring) {
            assertThat(member.deliveries()).extracting(Delivery::position).isEqualTo(positions(first));
            for (int i = 0; i < first.size(); i++) {
                assertThat(member.deliveries().get(i).payload())
                        .isEqualTo(first.get(i).payload());
            }
        }
        assertThat(sends.stream().flatMap(send -> send.values.stream()).sorted().toList())
                .isEqualTo(positions(first));
    }

    @Test
    void aHandleOpenedBeforeTheStartSeesTheFirstConfigurationAndALaterOneTheCurrent() {
        List<StepMember> ring = ring(2, CONFIG);
        ConfigChange first = ring.get(0).changes().get(0);
        assertThat(first.isRegular()).isTrue();
        assertThat(first.members()).containsExactly(NodeId.of(1));
        assertThat(first.joined()).containsExactly(NodeId.of(1));

        Log<EvsEvent> late = new Log<EvsEvent>()
                .follow(ring.get(0).node.openHandle(world.users).events());
        world.run(Duration.ofMillis(50));

        ConfigChange current = (ConfigChange) late.values.get(0);
        assertThat(current.members()).containsExactly(NodeId.of(1), NodeId.of(2));
        assertThat(current.joined()).isEmpty();
    }

    @Test
    void showsAMessageToSeveralGroupsOnceAndOnlyToThoseThatJoinedOne() {
        List<StepMember> ring = ring(2, CONFIG);
        EvsHandle other = ring.get(1).node.openHandle(world.users);
        Log<Delivery> seen = new Log<Delivery>().follow(other.deliveries());
        other.join("a", "b").subscribe();
        world.run(Duration.ofMillis(10));
        Log<Position> sent = new Log<Position>()
                .follow(ring.get(0).handle.send(Message.to("a", "b", "c").payload(new byte[] {1})));
        assertThat(world.runUntil(() -> sent.isComplete && !seen.values.isEmpty(), SOON))
                .isTrue();
        world.run(Duration.ofMillis(100));
        assertThat(seen.values).hasSize(1);
        assertThat(ring.get(0).deliveries()).isEmpty();

        Log<Void> left = new Log<Void>().follow(other.leave("a", "b").then());
        world.runUntil(left::hasEnded, SOON);
        assertThat(left.isComplete).isTrue();
        assertThat(other.groups()).isEmpty();
        Log<Void> leftAgain = new Log<Void>().follow(other.leave("a").then());
        world.runUntil(leftAgain::hasEnded, SOON);
        assertThat(leftAgain.error).isInstanceOf(NotJoinedException.class);
    }

    @Test
    void sendsUnderWayAcrossAPartitionEndWithThePositionTheirNodeDeliveredThemAt() {
        List<StepMember> ring = ring(4, CONFIG);
        List<List<Log<Position>>> sends = new ArrayList<>();
        for (StepMember member : ring) {
            List<Log<Position>> own = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                own.add(new Log<Position>().follow(member.handle.send(new byte[3_000])));
            }
            sends.add(own);
        }
        world.run(Duration.ofMillis(3));
        ring.get(2).place.link.side = 1;
        ring.get(3).place.link.side = 1;
        assertThat(world.runUntil(() -> ring.stream().allMatch(member -> member.isInRingOf(2)), SOON))
                .isTrue();
        assertThat(world.runUntil(
                        () -> sends.stream().allMatch(own -> own.stream().allMatch(Log::hasEnded)), SOON))
                .isTrue();
        ring.forEach(member -> member.place.link.side = 0);
        assertThat(world.runUntil(() -> ring.stream().allMatch(member -> member.isInRingOf(4)), SOON))
                .isTrue();

        for (int i = 0; i < ring.size(); i++) {
            List<Position> told =
                    sends.get(i).stream().flatMap(send -> send.values.stream()).toList();
            NodeId self = ring.get(i).node.id();
            List<Delivery> own = ring.get(i).deliveries().stream()
                    .filter(delivery -> delivery.sender().equals(self))
                    .toList();
            assertThat(told).hasSize(200).isEqualTo(positions(own));
            assertThat(ring.get(i).deliveries()).extracting(Delivery::position).isSorted();
        }
        assertThat(ring.get(0).changes())
                .filteredOn(change -> !change.isRegular())
                .extracting(ConfigChange::left)
                .contains(List.of(NodeId.of(3), NodeId.of(4)));
    }

    @Test
    void aNodeThatLeavesHasItsAcceptedSendsOrderedAndItsStreamsCompleted() {
        List<StepMember> ring = ring(3, CONFIG);
        StepMember leaver = ring.get(1);
        List<Log<Position>> sends = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sends.add(new Log<Position>().follow(leaver.handle.send(new byte[2_000])));
        }
        Mono<Void> left = begun(leaver.node.leave());
        assertThat(world.runUntil(
                        () -> leaver.log.isComplete
                                && ring.get(0).isInRingOf(2)
                                && ring.get(0).deliveries().size() == 100,
                        SOON))
                .isTrue();

        left.block(REAL);
        leaver.node.onClose().block(REAL);
        assertThat(sends).allMatch(send -> send.isComplete && send.values.size() == 1);
        assertThat(ring.get(2).deliveries()).hasSize(100);
        Log<Position> late = new Log<Position>().follow(leaver.handle.send(new byte[1]));
        Log<EvsEvent> lateEvents = new Log<EvsEvent>().follow(leaver.handle.events());
        Log<Void> lateJoin = new Log<Void>().follow(leaver.handle.join("x").then());
        Log<Void> lateClose = new Log<Void>().follow(leaver.handle.close());
        assertThat(world.runUntil(() -> late.hasEnded() && lateEvents.hasEnded() && lateJoin.hasEnded(), SOON))
                .isTrue();
        assertThat(late.error)
                .isInstanceOfSatisfying(
                        SendFailedException.class,
                        refused -> assertThat(refused.fate()).isEqualTo(SendFailedException.Fate.REFUSED));
        assertThat(List.of(lateEvents.error, lateJoin.error)).allMatch(NodeClosedException.class::isInstance);
        assertThatExceptionOfType(NodeClosedException.class).isThrownBy(leaver.node::openHandle);
        assertThat(lateClose.isComplete).isTrue();
    }

    @Test
    void closingAHandleWaitsForItsSendsAndCompletesItsStreams() {
        List<StepMember> ring = ring(2, CONFIG);
        EvsHandle handle = ring.get(0).node.openHandle(world.users);
        Log<EvsEvent> events = new Log<EvsEvent>().follow(handle.events());
        Log<Position> sent =
                new Log<Position>().follow(handle.send(Message.to("g").payload(new byte[100_000])));
        Log<Void> closed = new Log<Void>().follow(handle.close());
        assertThat(world.runUntil(() -> closed.isComplete && events.isComplete && sent.isComplete, SOON))
                .isTrue();
        assertThat(ring.get(1).handle.groups()).hasSize(1);
        assertThat(ring.get(0).log.hasEnded()).isFalse();
    }

    @Test
    void refusesWhatCannotBeSent() {
        StepMember alone = ring(1, CONFIG).get(0);
        EvsHandle none = alone.node.openHandle(world.users);
        Log<Position> toNobody = new Log<Position>().follow(none.send(new byte[1]));
        Log<Position> tooLarge = new Log<Position>().follow(alone.handle.send(new byte[(1 << 20) + 1]));
        assertThat(world.runUntil(() -> toNobody.hasEnded() && tooLarge.hasEnded(), SOON))
                .isTrue();
        assertThat(toNobody.error)
                .isInstanceOfSatisfying(
                        SendFailedException.class,
                        failure -> assertThat(failure.fate()).isEqualTo(SendFailedException.Fate.REFUSED));
        assertThat(tooLarge.error).hasMessageContaining("1048577").hasMessageContaining("1048576");
    }

    @Test
    void aCancelledSendIsNotOrdered() {
        List<StepMember> ring = ring(2, CONFIG);
        Disposable cancelled = ring.get(0).handle.send(new byte[] {1}).subscribe();
        cancelled.dispose();
        Log<Position> sent = new Log<Position>().follow(ring.get(0).handle.send(new byte[] {2}));
        assertThat(world.runUntil(() -> sent.isComplete, SOON)).isTrue();
        assertThat(ring.get(0).deliveries()).hasSize(1);
        assertThat(ring.get(0).deliveries().get(0).payload()).containsExactly(2);
    }

    @Test
    void sendAllKeepsItsOrderAndRequestsNoMoreThanIsInFlight() {
        NodeSettings config = CONFIG.with(Settings.SENDS_IN_FLIGHT, 16);
        List<StepMember> ring = ring(2, config);
        List<Long> requests = new ArrayList<>();
        Log<Position> positions = new Log<Position>()
                .follow(ring.get(0)
                        .handle
                        .sendAll(Flux.range(0, 500)
                                .map(i -> Message.of(new byte[] {(byte) (int) i}))
                                .doOnRequest(requests::add)));
        assertThat(world.runUntil(
                        () -> positions.isComplete && ring.get(1).deliveries().size() == 500, SOON))
                .isTrue();
        assertThat(positions.values).hasSize(500).isSorted();
        assertThat(requests.get(0)).isEqualTo(1);
        assertThat(requests).allMatch(messages -> messages <= 16);
        for (int i = 0; i < 500; i++) {
            assertThat(ring.get(1).deliveries().get(i).payload()).containsExactly((byte) i);
        }
    }

    @Test
    void aSubscriberThatHoldsBackTooLongEndsAloneAndTheOthersMissNothing() {
        NodeSettings config = CONFIG.with(Settings.WINDOW_SIZE, 16)
                .with(Settings.SUBSCRIBER_EVENTS, 16)
                .with(Settings.STALL_LIMIT, Duration.ofSeconds(2));
        List<StepMember> ring = ring(2, config);
        Log<EvsEvent> stuck = new Log<>();
        BaseSubscriber<EvsEvent> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnError(Throwable reason) {
                stuck.failed(reason);
            }
        };
        EvsHandle slow = ring.get(1).node.openHandle(world.users);
        slow.join("g").subscribe();
        slow.events().subscribe(subscriber);
        world.run(Duration.ofMillis(10));
        Log<Position> sent = new Log<Position>()
                .follow(ring.get(0).handle.sendAll(Flux.range(0, 2_000).map(i -> Message.of(new byte[1_000]))));
        world.run(Duration.ofSeconds(1));
        assertThat(ring.get(1).deliveries()).hasSizeBetween(16, 16 + 3 * 16);
        assertThat(ring.get(1).node.stats().get(Statistics.DISPATCH_BACKLOG)).isEqualTo(0);
        assertThat(ring.get(1).node.stats().get(Statistics.HELD_BACK)).isEqualTo(1);
        assertThat(sent.values).hasSizeLessThan(200);

        assertThat(world.runUntil(
                        () -> sent.isComplete && ring.get(1).deliveries().size() == 2_000, SOON))
                .isTrue();

        assertThat(stuck.error)
                .isInstanceOfSatisfying(
                        SlowSubscriberException.class,
                        reason -> assertThat(reason.lag()).isBetween(16L, 16L + 3 * 16));
        assertThat(ring.get(1).node.stats().get(Statistics.HELD_BACK)).isEqualTo(0);
        assertThat(ring.get(0).isInRingOf(2)).isTrue();
    }

    @Test
    void aSubscriberThatFailsWhenFullEndsAtOnce() {
        NodeSettings config = CONFIG.with(Settings.SUBSCRIBER_EVENTS, 16);
        List<StepMember> ring = ring(1, config);
        Log<EvsEvent> failed = new Log<>();
        ring.get(0).handle.events(OverflowPolicy.FAIL).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnError(Throwable reason) {
                failed.failed(reason);
            }
        });
        Log<Position> sent = new Log<Position>()
                .follow(ring.get(0).handle.sendAll(Flux.range(0, 100).map(i -> Message.of(new byte[1]))));
        assertThat(world.runUntil(() -> sent.isComplete && failed.hasEnded(), Duration.ofSeconds(1)))
                .isTrue();
        assertThat(failed.error).isInstanceOf(SlowSubscriberException.class);
        assertThat(ring.get(0).deliveries()).hasSize(100);
    }

    @Test
    void stopsWithATypedErrorWhenTheLinkThrows() {
        List<StepMember> ring = ring(2, CONFIG);
        StepMember broken = ring.get(0);
        List<Log<Position>> sends = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sends.add(new Log<Position>().follow(broken.handle.send(new byte[5_000])));
        }
        broken.place.link.isBroken = true;
        assertThat(world.runUntil(() -> broken.log.hasEnded() && sends.stream().allMatch(Log::hasEnded), SOON))
                .isTrue();
        assertThat(broken.log.error).isInstanceOf(ProtocolFailureException.class);
        assertThat(sends).allMatch(send -> send.values.size() == 1 || send.error instanceof SendFailedException);
        assertThatExceptionOfType(ProtocolFailureException.class)
                .isThrownBy(() -> broken.node.onClose().block(REAL));
    }

    @Test
    void leavesWithinTheCloseLimitWhenNothingCanBeOrderedAnyMore() {
        List<StepMember> ring = ring(2, CONFIG);
        StepMember cut = ring.get(0);
        cut.place.disk.isStuck = true;
        List<Log<Position>> sends = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sends.add(new Log<Position>()
                    .follow(cut.handle.send(Message.of(new byte[50_000]).safe())));
        }
        world.run(Duration.ofMillis(3));
        cut.place.link.side = 1;
        world.run(Duration.ofSeconds(1));
        Mono<Void> left = begun(cut.node.leave());
        assertThat(world.runUntil(() -> cut.log.hasEnded() && sends.stream().allMatch(Log::hasEnded), REAL))
                .isTrue();
        left.block(REAL);
        assertThat(cut.log.isComplete).isTrue();
        assertThat(sends).allMatch(send -> send.values.size() + (send.error == null ? 0 : 1) == 1);
        assertThat(sends.stream().map(send -> send.error).filter(SendFailedException.class::isInstance))
                .extracting(error -> ((SendFailedException) error).fate())
                .contains(SendFailedException.Fate.REFUSED, SendFailedException.Fate.UNKNOWN);
    }

    @Test
    void aSubscriberThatRequestsNothingDoesNotKeepTheNodeFromLeaving() {
        NodeSettings config = CONFIG.with(Settings.SUBSCRIBER_EVENTS, 16);
        StepMember alone = ring(1, config).get(0);
        Log<EvsEvent> stuck = new Log<>();
        BaseSubscriber<EvsEvent> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(EvsEvent event) {
                stuck.values.add(event);
            }

            @Override
            protected void hookOnComplete() {
                stuck.ends++;
            }
        };
        alone.handle.events().subscribe(subscriber);
        Log<Position> sent = new Log<Position>()
                .follow(alone.handle.sendAll(Flux.range(0, 100).map(i -> Message.of(new byte[1]))));
        world.run(Duration.ofMillis(500));
        assertThat(sent.isComplete)
                .as("though a subscriber is stalled in front of it")
                .isTrue();
        assertThat(stuck.hasEnded()).isFalse();
        Mono<Void> left = begun(alone.node.leave());
        assertThat(world.runUntil(() -> alone.log.isComplete, REAL)).isTrue();
        left.block(REAL);
        assertThat(stuck.hasEnded()).isFalse();
        subscriber.requestUnbounded();
        assertThat(world.runUntil(stuck::hasEnded, REAL)).isTrue();
        assertThat(stuck.values)
                .hasSizeGreaterThan(100)
                .contains(alone.deliveries().get(99));
        assertThat(alone.deliveries()).hasSize(100);
    }

    @Test
    void leavesAndClosesWhenThatIsSubscribedAndNotBefore() {
        StepMember alone = ring(1, CONFIG).get(0);
        Mono<Void> leaving = alone.node.leave();
        Mono<Void> closing = alone.handle.close();
        world.run(Duration.ofSeconds(1));
        assertThat(alone.node.isDisposed()).isFalse();
        assertThat(alone.handle.isDisposed()).isFalse();
        assertThat(alone.log.hasEnded()).isFalse();

        Log<Void> closed = new Log<Void>().follow(closing);
        Log<Void> closedAgain = new Log<Void>().follow(closing);
        assertThat(world.runUntil(() -> closed.isComplete && closedAgain.isComplete, SOON))
                .isTrue();
        assertThat(alone.handle.isDisposed()).isTrue();
        assertThat(alone.node.isDisposed()).isFalse();

        Mono<Void> left = begun(leaving);
        Mono<Void> leftAgain = begun(leaving);
        assertThat(world.runUntil(alone.node::isDisposed, SOON)).isTrue();
        world.run(Duration.ofSeconds(1));
        left.block(REAL);
        leftAgain.block(REAL);
        alone.node.leave().block(REAL);
        alone.node.onClose().block(REAL);
    }

    @Test
    void disposingIsLeavingAndClosingWithoutWaiting() {
        List<StepMember> ring = ring(2, CONFIG);
        Log<Position> sent = new Log<Position>().follow(ring.get(0).handle.send(new byte[1]));
        ring.get(0).handle.dispose();
        ring.get(0).handle.dispose();
        assertThat(world.runUntil(() -> ring.get(0).log.isComplete, SOON)).isTrue();
        assertThat(sent.isComplete).isTrue();

        ring.get(0).node.dispose();
        ring.get(0).node.dispose();
        assertThat(world.runUntil(() -> ring.get(1).isInRingOf(1), SOON)).isTrue();
        ring.get(0).node.onClose().block(REAL);
    }

    @Test
    void joinsAndLeavesCollectionsOfGroups() {
        EvsHandle handle = ring(1, CONFIG).get(0).handle;
        List<GroupName> names = List.of(GroupName.of("x"), GroupName.of("y"), GroupName.of("x"));
        Set<GroupName> before = handle.groups();
        Log<Position> joined = new Log<Position>().follow(handle.join(names));
        Log<Position> joinedNone = new Log<Position>().follow(handle.join(List.of()));
        assertThat(world.runUntil(() -> joined.isComplete && joinedNone.isComplete, SOON))
                .isTrue();
        assertThat(handle.groups()).containsAll(names).containsAll(before).hasSize(before.size() + 2);

        Log<Position> left = new Log<Position>().follow(handle.leave(handle.groups()));
        assertThat(world.runUntil(() -> left.isComplete, SOON)).isTrue();
        assertThat(handle.groups()).isEmpty();
    }

    /** Subscribes now; what comes of it is for later. */
    private static Mono<Void> begun(Mono<Void> cold) {
        return Mono.fromFuture(cold.toFuture());
    }

    @Test
    void garbageChangesNothingButCounters() {
        List<StepMember> ring = ring(2, CONFIG);
        long gathers = ring.get(0).node.stats().get(Statistics.GATHERS);
        Random random = new Random(9);
        for (int i = 0; i < 5_000; i++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            if (garbage.length > 12 && i % 2 == 0) {
                java.nio.ByteBuffer.wrap(garbage).putInt(garbage.length - 8).putInt(1 + random.nextInt(3));
            }
            ring.get(0).place.link.take(garbage, 0);
        }
        world.run(Duration.ofSeconds(1));
        assertThat(ring.get(0).node.stats().get(Statistics.MALFORMED_MESSAGES)).isGreaterThan(1_000);
        assertThat(ring.get(0).node.stats().get(Statistics.REFUSED_MALFORMED)).isGreaterThan(1_000);
        assertThat(ring.get(0).node.stats().ring().gathers()).isEqualTo(gathers);
        assertThat(ring.get(0).isInRingOf(2)).isTrue();
    }

    @Test
    void refusesSchedulersThatRunInTheCallingThread() {
        TotemNode node = ring(1, CONFIG).get(0).node;
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> node.openHandle(Schedulers.immediate()));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> node.openHandle(Schedulers.fromExecutor(Runnable::run, true)));
    }

    private static List<Position> positions(List<Delivery> deliveries) {
        return deliveries.stream().map(Delivery::position).toList();
    }
}
