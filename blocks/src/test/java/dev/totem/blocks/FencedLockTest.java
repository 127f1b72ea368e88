/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class FencedLockTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private static OnNodes<FencedLock> locks(Simulation sim) {
        OnNodes<FencedLock> locks =
                new OnNodes<>(sim, FencedLock.of("locks", Quorum.majority(3)).lease(Duration.ofSeconds(1)));
        locks.awaitInState(3);
        return locks;
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void isGrantedInTheOrderOfTheRequests(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        Lease first = locks.await(locks.on(1).acquire("job"));
        assertThat(first.isHeld()).isTrue();
        List<Lease> granted = new ArrayList<>();
        for (int id : new int[] {3, 2, 1}) {
            locks.on(id).acquire("job").subscribe(granted::add, Throwable::printStackTrace);
            sim.run(SHORT);
        }
        assertThat(granted).isEmpty();
        assertThat(locks.await(locks.on(2).acquire("another")).isHeld()).isTrue();

        locks.await(first.release());
        sim.run(SHORT);
        assertThat(first.isHeld()).isFalse();
        assertThat(sim.await(first.lost(), SHORT)).isEmpty();
        assertThat(granted).hasSize(1);
        locks.await(granted.get(0).release());
        sim.run(SHORT);
        locks.await(granted.get(1).release());
        sim.run(SHORT);
        assertThat(granted).hasSize(3);
        assertThat(granted).isSortedAccordingTo((one, other) -> one.token().compareTo(other.token()));
        assertThat(granted.get(0).token()).hasSize(51).isGreaterThan(first.token());
        assertThat(granted.get(0).position()).isGreaterThan(first.position());
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void isKeptThroughChangesOfTheRingThatLeaveItsHolderInThePrimary(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        Lease lease = locks.await(locks.on(1).acquire("job"));
        sim.crash(3);
        sim.run(Duration.ofSeconds(3));
        assertThat(lease.isHeld()).isTrue();
        sim.restart(3);
        sim.run(Duration.ofSeconds(3));
        assertThat(lease.isHeld()).isTrue();
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void goesToTheNextWhenItsHolderCrashed(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        Lease lease = locks.await(locks.on(1).acquire("job"));
        List<Lease> granted = new ArrayList<>();
        locks.on(2).acquire("job").subscribe(granted::add, Throwable::printStackTrace);
        sim.run(SHORT);
        sim.crash(1);
        sim.runUntil(() -> !granted.isEmpty(), Duration.ofSeconds(3));
        assertThat(granted.get(0).token()).isGreaterThan(lease.token());
    }

    @TotemSimulation(nodes = 3, seeds = 10)
    void isLostByItsHoldersClockBeforeAnybodyElseHasIt(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        Lease lease = locks.await(locks.on(1).acquire("job"));
        List<String> happened = new ArrayList<>();
        lease.lost().subscribe(why -> happened.add("lost"), Throwable::printStackTrace);
        locks.on(2)
                .acquire("job")
                .subscribe(next -> happened.add("granted while held: " + lease.isHeld()), Throwable::printStackTrace);
        sim.run(SHORT);
        sim.partition(1);
        sim.runUntil(() -> happened.size() == 2, Duration.ofSeconds(10));
        assertThat(happened).containsExactly("lost", "granted while held: false");
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void aHolderThatSleptTooLongHasLostIt(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        Lease lease = locks.await(locks.on(3).acquire("job"));
        List<Lease> granted = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        lease.lost().subscribe(lost::add, Throwable::printStackTrace);
        locks.on(2).acquire("job").subscribe(granted::add, Throwable::printStackTrace);
        sim.run(SHORT);
        sim.pause(3, Duration.ofSeconds(5));
        sim.runUntil(() -> !granted.isEmpty(), Duration.ofSeconds(4));
        assertThat(lease.isHeld()).isFalse();
        sim.run(Duration.ofSeconds(5));
        assertThat(lost).hasSize(1);
        assertThat(granted.get(0).isHeld()).isTrue();
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whoHasWaitedLongEnoughLeavesTheLine(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        Lease lease = locks.await(locks.on(1).acquire("job"));
        assertThatThrownBy(() -> locks.await(locks.on(2).acquire("job", Duration.ofMillis(500))))
                .hasCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("lock job was not free in time");
        Disposable waiting = locks.on(2).acquire("job").subscribe(late -> {
            throw new AssertionError("granted though cancelled");
        });
        List<Lease> granted = new ArrayList<>();
        locks.on(3).acquire("job").subscribe(granted::add, Throwable::printStackTrace);
        sim.run(SHORT);
        waiting.dispose();
        sim.run(SHORT);
        locks.await(lease.release());
        sim.run(SHORT);
        assertThat(granted).hasSize(1);
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void isHeldWhileSomethingIsDoneAndReleasedHoweverThatEnds(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        assertThat(locks.await(locks.on(1)
                        .usingLock("job", lease -> Mono.just(lease.isHeld()))
                        .next()))
                .isTrue();
        assertThatThrownBy(() -> locks.await(locks.on(2)
                        .usingLock("job", lease -> Mono.error(new IllegalStateException("broken")))
                        .next()))
                .hasMessage("broken");
        Disposable working = locks.on(3)
                .usingLock("job", lease -> Mono.never())
                .subscribe(nothing -> {}, Throwable::printStackTrace);
        sim.run(SHORT);
        assertThatThrownBy(() -> locks.await(locks.on(1).acquire("job", SHORT)))
                .hasCauseInstanceOf(TimeoutException.class);
        working.dispose();
        assertThat(locks.await(locks.on(1).acquire("job")).isHeld()).isTrue();
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whatIsDoneEndsWhenTheLeaseIsLost(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        List<Throwable> failed = new ArrayList<>();
        locks.on(1).usingLock("job", lease -> Flux.never()).subscribe(nothing -> {}, failed::add);
        sim.run(SHORT);
        sim.partition(1);
        sim.run(Duration.ofSeconds(3));
        sim.settle();
        assertThat(failed).singleElement().isInstanceOf(LeaseLostException.class);
        assertThat(failed.get(0)).hasMessageContaining("lock job with token");
        assertThat(locks.await(locks.on(1).acquire("job")).isHeld()).isTrue();
    }

    @TotemSimulation(nodes = 3, seeds = 2)
    void isNotReentrant(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        assertThatThrownBy(() -> locks.await(locks.on(1)
                        .usingLock("job", lease -> locks.on(1).acquire("job"))
                        .next()))
                .isInstanceOf(SendFailedException.class)
                .hasMessageContaining("lock job is held around this call, and is not reentrant");
        assertThat(locks.await(locks.on(1)
                        .usingLock("job", lease -> locks.on(1).acquire("another"))
                        .next()
                        .map(Lease::name)))
                .isEqualTo("another");
    }

    @TotemSimulation(nodes = 3, seeds = 3)
    void isFreeAtOnceWhenTheBlockIsClosed(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        Lease lease = locks.await(locks.on(1).acquire("job"));
        List<Lease> granted = new ArrayList<>();
        locks.on(2).acquire("job").subscribe(granted::add, Throwable::printStackTrace);
        sim.run(SHORT);
        sim.await(locks.on(1).close(), OnNodes.LIMIT);
        sim.run(SHORT);
        assertThat(lease.isHeld()).isFalse();
        assertThat(granted).hasSize(1);
    }

    @TotemSimulation(nodes = 3, seeds = 10)
    void isTriedWithoutWaiting(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        Lease lease = locks.await(locks.on(1).tryAcquire("job"));
        assertThat(lease.isHeld()).isTrue();
        for (int id : new int[] {1, 2, 3}) {
            assertThat(sim.await(locks.on(id).tryAcquire("job"), SHORT)).isEmpty();
        }
        assertThat(lease.isHeld()).isTrue();

        // Who tried in vain is not in the line.
        locks.await(lease.release());
        Lease next = locks.await(locks.on(3).tryAcquire("job"));
        assertThat(next.token()).isGreaterThan(lease.token());
        List<Lease> granted = new ArrayList<>();
        locks.on(2).acquire("job").subscribe(granted::add, Throwable::printStackTrace);
        sim.run(SHORT);
        assertThat(sim.await(locks.on(1).tryAcquire("job"), SHORT)).isEmpty();
        locks.await(next.release());
        sim.run(SHORT);
        assertThat(granted)
                .singleElement()
                .satisfies(one -> assertThat(one.isHeld()).isTrue());
    }

    @TotemSimulation(nodes = 3, seeds = 10)
    void isHadByOneOfThoseWhoTryAtOnce(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        List<Lease> granted = new ArrayList<>();
        List<Integer> ended = new ArrayList<>();
        for (int id : new int[] {1, 2, 3, 1}) {
            locks.on(id).tryAcquire("job").subscribe(granted::add, Throwable::printStackTrace, () -> ended.add(id));
        }
        sim.run(SHORT);
        assertThat(granted).hasSize(1);
        assertThat(ended).hasSize(4);
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whoTriesInASmallerPartIsRefusedAndLeavesNothingBehind(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        sim.partition(1);
        sim.run(Duration.ofSeconds(3));
        assertThatThrownBy(() -> locks.await(locks.on(1).tryAcquire("job"))).isInstanceOf(SendFailedException.class);
        assertThat(locks.await(locks.on(2).tryAcquire("job").flatMap(Lease::release)))
                .isNotNull();
        sim.settle();
        assertThat(locks.await(locks.on(3).tryAcquire("job")).isHeld()).isTrue();
    }

    /** At whatever moment of what is under way. */
    @TotemSimulation(nodes = 3, seeds = 5)
    void whoCancelsHoldsNothing(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        for (int i = 0; i < 60; i++) {
            FencedLock here = locks.on(1 + i % 3);
            List<Lease> taken = new ArrayList<>();
            Mono<Lease> asking = i % 2 == 0 ? here.tryAcquire("job") : here.acquire("job", SHORT);
            Disposable asked = asking.subscribe(taken::add, Throwable::printStackTrace);
            sim.run(Duration.ofNanos(sim.random().nextInt(4_000_000)));
            asked.dispose();
            taken.forEach(lease -> lease.release().subscribe(freed -> {}, Throwable::printStackTrace));
            sim.run(Duration.ofMillis(50));
            Lease next = locks.await(locks.on(1).tryAcquire("job"));
            locks.await(next.release());
        }
    }

    /** What an operator drops because it ends at the same moment, as timeout does. */
    @TotemSimulation(nodes = 3, seeds = 5)
    void whoCancelsWhileItIsHandedTheLeaseHasNotGotIt(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        for (boolean isTry : new boolean[] {true, false}) {
            FencedLock here = locks.on(3);
            Dropping dropping = new Dropping();
            (isTry ? here.tryAcquire("job") : here.acquire("job")).subscribe(dropping);
            sim.runUntil(() -> dropping.dropped != null, SHORT);
            Lease dropped = requireNonNull(dropping.dropped);
            assertThat(sim.await(locks.on(1).tryAcquire("job"), SHORT)).isEmpty();
            dropping.cancel();
            sim.run(SHORT);
            assertThat(dropped.isHeld()).isFalse();
            assertThat(sim.await(dropped.lost(), SHORT)).isEmpty();
            locks.await(locks.await(locks.on(1).tryAcquire("job")).release());
        }
    }

    private static final class Dropping implements CoreSubscriber<Lease> {

        private @Nullable Subscription subscription;
        private @Nullable Lease dropped;

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Lease lease) {
            dropped = lease;
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {}

        void cancel() {
            requireNonNull(subscription).cancel();
        }
    }

    @TotemSimulation(nodes = 3, seeds = 2)
    void whoTakesTheFirstThatComesHasIt(Simulation sim) {
        OnNodes<FencedLock> locks = locks(sim);
        Lease lease = locks.await(locks.on(2).acquire("job").flux().next());
        sim.run(SHORT);
        assertThat(lease.isHeld()).isTrue();
        assertThat(sim.await(locks.on(1).tryAcquire("job"), SHORT)).isEmpty();
    }
}
