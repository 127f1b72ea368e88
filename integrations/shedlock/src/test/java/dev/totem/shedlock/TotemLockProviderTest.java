/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.shedlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.blocks.FencedLock;
import dev.totem.blocks.Lease;
import dev.totem.core.Quorum;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.LockingTaskExecutor;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** What ShedLock asks of all its providers, on two nodes of a ring. */
class TotemLockProviderTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static TestRing ring;
    private static TotemLockProvider here;
    private static TotemLockProvider there;
    private static FencedLock block;

    private String name;

    @BeforeAll
    static void open() {
        Quorum quorum = Quorum.majority(2);
        ring = TestRing.of(2, settings -> settings.quorum(quorum));
        List<FencedLock> locks = Flux.fromIterable(ring.nodes())
                .flatMapSequential(node -> FencedLock.of("shedlock", quorum).open(node))
                .collectList()
                .block(PATIENCE);
        Flux.fromIterable(locks).flatMap(FencedLock::inState).blockLast(PATIENCE);
        block = locks.get(0);
        here = new TotemLockProvider(locks.get(0));
        there = new TotemLockProvider(locks.get(1));
    }

    @AfterAll
    static void close() {
        ring.close();
    }

    @BeforeEach
    void aLockOfItsOwn(TestInfo test) {
        name = test.getDisplayName();
    }

    private static LockConfiguration of(String name, Duration atMost, Duration atLeast) {
        return new LockConfiguration(Instant.now(), name, atMost, atLeast);
    }

    private Optional<SimpleLock> lock(LockProvider provider) {
        return provider.lock(of(name, LONG, Duration.ZERO));
    }

    private void assertLocked() {
        assertThat(lock(here)).isEmpty();
        assertThat(lock(there)).isEmpty();
    }

    private void assertFree() {
        for (LockProvider provider : List.of(here, there)) {
            Optional<SimpleLock> lock = lock(provider);
            assertThat(lock).isPresent();
            lock.orElseThrow().unlock();
        }
    }

    private SimpleLock eventually(LockProvider provider) {
        return Mono.fromCallable(() -> lock(provider).orElse(null))
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10), Schedulers.boundedElastic()))
                .subscribeOn(Schedulers.boundedElastic())
                .block(PATIENCE);
    }

    @Test
    void isHeldByOneUntilItIsUnlocked() {
        SimpleLock lock = lock(here).orElseThrow();
        assertLocked();
        lock.unlock();
        assertFree();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void canBeLockedAgainAndAgain() {
        for (int i = 0; i < 20; i++) {
            SimpleLock lock = lock(i % 2 == 0 ? here : there).orElseThrow();
            assertLocked();
            lock.unlock();
        }
    }

    @Test
    void doesNotConcernLocksOfOtherNames() {
        SimpleLock lock = lock(here).orElseThrow();
        SimpleLock other = there.lock(of(name + "2", LONG, Duration.ZERO)).orElseThrow();
        other.unlock();
        assertLocked();
        lock.unlock();
    }

    @Test
    void endsAfterLockAtMostFor() {
        Optional<SimpleLock> lock = here.lock(of(name, Duration.ofMillis(50), Duration.ZERO));
        assertThat(lock).isPresent();
        eventually(there).unlock();
        lock.orElseThrow().unlock();
        assertFree();
    }

    @Test
    void isHeldForLockAtLeastFor() {
        long begun = System.nanoTime();
        Duration atLeast = Duration.ofMillis(600);
        SimpleLock lock = here.lock(of(name, LONG, atLeast)).orElseThrow();
        lock.unlock();
        SimpleLock next = eventually(there);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(atLeast);
        next.unlock();
    }

    @Test
    void canBeExtended() {
        SimpleLock lock =
                here.lock(of(name, Duration.ofMillis(300), Duration.ZERO)).orElseThrow();
        SimpleLock longer = lock.extend(LONG, Duration.ZERO).orElseThrow();
        SimpleLock again = longer.extend(LONG, Duration.ZERO).orElseThrow();
        SimpleLock marker = there.lock(of(name + " later", Duration.ofMillis(400), Duration.ZERO))
                .orElseThrow();
        Mono.fromCallable(() ->
                        here.lock(of(name + " later", LONG, Duration.ZERO)).orElse(null))
                .repeatWhenEmpty(next -> next.delayElements(Duration.ofMillis(10), Schedulers.boundedElastic()))
                .subscribeOn(Schedulers.boundedElastic())
                .block(PATIENCE)
                .unlock();
        marker.unlock();
        assertLocked();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> longer.extend(LONG, Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        again.unlock();
        assertFree();
    }

    @Test
    void cannotBeExtendedWhenItIsOver() {
        SimpleLock lock =
                here.lock(of(name, Duration.ofMillis(1), Duration.ZERO)).orElseThrow();
        eventually(there).unlock();
        assertThat(lock.extend(LONG, Duration.ZERO)).isEmpty();
        assertFree();

        SimpleLock unlocked = lock(here).orElseThrow();
        unlocked.unlock();
        assertThatThrownBy(() -> unlocked.extend(LONG, Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anExtensionMayHoldItLonger() {
        SimpleLock lock = lock(here).orElseThrow();
        lock.extend(LONG, LONG).orElseThrow().unlock();
        assertLocked();
    }

    /** Keeps the first lease on its way until somebody runs what is kept. */
    private static CoreSubscriber<Object> keeping(
            CoreSubscriber<? super Object> actual, AtomicReference<Runnable> kept) {
        return new CoreSubscriber<>() {
            private boolean isKept;

            @Override
            public Context currentContext() {
                return actual.currentContext();
            }

            @Override
            public void onSubscribe(Subscription subscription) {
                actual.onSubscribe(subscription);
            }

            @Override
            public void onNext(Object value) {
                isKept = value instanceof Lease
                        && kept.compareAndSet(null, () -> {
                            actual.onNext(value);
                            actual.onComplete();
                        });
                if (!isKept) {
                    actual.onNext(value);
                }
            }

            @Override
            public void onError(Throwable failure) {
                actual.onError(failure);
            }

            @Override
            public void onComplete() {
                if (!isKept) {
                    actual.onComplete();
                }
            }
        };
    }

    @Test
    void aLeaseThatComesTooLateIsGivenBack() {
        AtomicReference<Runnable> kept = new AtomicReference<>();
        Hooks.onEachOperator("keeping", Operators.lift((scanned, actual) -> keeping(actual, kept)));
        try {
            LockProvider hasty = new TotemLockProvider(Mono.just(block), Duration.ofMillis(500));
            assertThat(lock(hasty)).isEmpty();
        } finally {
            Hooks.resetOnEachOperator("keeping");
        }
        assertThat(lock(there)).isEmpty();
        kept.get().run();
        eventually(there).unlock();
    }

    /** Counts without any other protection: two at a time would lose some. */
    private static final class Count {
        private int value;

        void up() {
            int seen = value;
            Thread.onSpinWait();
            value = seen + 1;
        }
    }

    @Test
    void letsOneTaskAtATimeRun() throws Exception {
        int rounds = 25;
        Count count = new Count();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            LockingTaskExecutor executor = new DefaultLockingTaskExecutor(i % 2 == 0 ? here : there);
            tasks.add(() -> {
                int[] done = {0};
                while (done[0] < rounds) {
                    executor.executeWithLock(
                            (Runnable) () -> {
                                count.up();
                                done[0]++;
                            },
                            of(name, LONG, Duration.ZERO));
                }
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<Void> task : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                task.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(count.value).isEqualTo(6 * rounds);
    }
}
