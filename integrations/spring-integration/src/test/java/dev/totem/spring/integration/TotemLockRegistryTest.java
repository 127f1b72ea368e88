/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.blocks.FencedLock;
import dev.totem.core.Quorum;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.integration.support.locks.DistributedLock;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What Spring Integration asks of its registries, on a ring. */
@SuppressWarnings("LockNotBeforeTry") // who unlocks when is what is tested
class TotemLockRegistryTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LEASE = Duration.ofMillis(600);
    private static final Quorum MAJORITY = Quorum.parse("majority:3");

    private final ExecutorService others = Executors.newCachedThreadPool();
    private final List<TotemLockRegistry> registries = new ArrayList<>();
    private TestRing ring;

    @BeforeEach
    void aRing() {
        ring = TestRing.of(3, settings -> settings.quorum(MAJORITY));
        ring.awaitOneRing().block(LIMIT);
        for (int node = 1; node <= 3; node++) {
            FencedLock locks = FencedLock.of("locks", MAJORITY)
                    .lease(LEASE)
                    .open(ring.node(node))
                    .block(LIMIT);
            registries.add(new TotemLockRegistry(locks));
        }
    }

    @AfterEach
    void close() {
        others.shutdownNow();
        ring.close();
    }

    private DistributedLock lock(int node) {
        return registries.get(node - 1).obtain("till");
    }

    private <T> T elsewhere(Callable<T> work) throws Exception {
        return others.submit(work).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void isReentrantForItsThreadAndFreeForOthersAfterTheLastUnlock() throws Exception {
        Lock lock = lock(1);
        lock.lock();
        lock(1).lockInterruptibly();
        assertThat(lock.tryLock()).isTrue();
        assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
        for (int held = 0; held < 4; held++) {
            assertThat(elsewhere(() -> lock(1).tryLock())).isFalse();
            assertThat(elsewhere(() -> lock(2).tryLock())).isFalse();
            lock.unlock();
        }
        assertThat(elsewhere(() -> tryAndUnlock(2))).isTrue();
        assertThat(elsewhere(() -> tryAndUnlock(1))).isTrue();
    }

    private boolean tryAndUnlock(int node) {
        Lock lock = lock(node);
        boolean isLocked = lock.tryLock();
        if (isLocked) {
            lock.unlock();
        }
        return isLocked;
    }

    @Test
    void differentKeysAreDifferentLocks() throws Exception {
        lock(1).lock();
        Lock other = registries.get(0).obtain(42);
        assertThat(elsewhere(() -> {
                    other.lock();
                    other.unlock();
                    return true;
                }))
                .isTrue();
        lock(1).unlock();
    }

    @Test
    void excludesThreadsOfOneInstanceAndOfAll() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int worker = 0; worker < 6; worker++) {
            Lock lock = lock(1 + worker % 3);
            all.add(others.submit(() -> {
                for (int turn = 0; turn < 10; turn++) {
                    lock.lock();
                    try {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                    } finally {
                        lock.unlock();
                    }
                }
            }));
        }
        for (Future<?> one : all) {
            one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void waitsForTheLockAsLongAsIsSaid() throws Exception {
        lock(1).lock();
        assertThat(elsewhere(() -> lock(1).tryLock(50, TimeUnit.MILLISECONDS))).isFalse();
        assertThat(elsewhere(() -> lock(2).tryLock(50, TimeUnit.MILLISECONDS))).isFalse();
        CountDownLatch waits = new CountDownLatch(1);
        Future<Boolean> waiting = others.submit(() -> {
            waits.countDown();
            return lock(2).tryLock(LIMIT.toSeconds(), TimeUnit.SECONDS);
        });
        assertThat(waits.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        lock(1).unlock();
        assertThat(waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> registries.get(0).executeLocked("till", Duration.ofMillis(50), () -> {}))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void anInterruptedWaiterGivesUpAndTheLockGoesToTheNext() throws Exception {
        lock(1).lock();
        CountDownLatch ended = new CountDownLatch(1);
        Thread waiting = new Thread(() -> {
            try {
                lock(2).lockInterruptibly();
            } catch (InterruptedException interrupted) {
                ended.countDown();
            }
        });
        waiting.start();
        waiting.interrupt();
        assertThat(ended.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        lock(1).unlock();
        assertThat(elsewhere(() -> tryAndUnlock(3))).isTrue();
    }

    @Test
    void lockIsNotInterruptedAndKeepsTheInterrupt() throws Exception {
        assertThat(elsewhere(() -> {
                    Thread.currentThread().interrupt();
                    lock(2).lock();
                    boolean isInterrupted = Thread.currentThread().isInterrupted();
                    lock(2).unlock();
                    return isInterrupted && Thread.interrupted();
                }))
                .isTrue();
        assertThat(elsewhere(() -> tryAndUnlock(1))).isTrue();
    }

    @Test
    void whoDoesNotHoldItMayNotUnlockOrRenewIt() throws Exception {
        assertThatThrownBy(lock(1)::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("till");
        lock(1).lock();
        assertThat(elsewhere(() -> {
                    assertThatThrownBy(lock(1)::unlock).isInstanceOf(IllegalMonitorStateException.class);
                    assertThatThrownBy(() -> registries.get(0).renewLock("till"))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("till");
                    return true;
                }))
                .isTrue();
        registries.get(0).renewLock("till");
        lock(1).unlock();
        assertThatThrownBy(() -> registries.get(0).renewLock("till")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLostLeaseIsSaidAtUnlock() throws Exception {
        lock(1).lock();
        ring.partition(1);
        assertThat(elsewhere(() -> {
                    lock(2).lock();
                    lock(2).unlock();
                    return true;
                }))
                .isTrue();
        assertThatThrownBy(() -> registries.get(0).renewLock("till")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(lock(1)::lock).isInstanceOf(ConcurrentModificationException.class);
        assertThatThrownBy(lock(1)::unlock)
                .isInstanceOf(ConcurrentModificationException.class)
                .hasMessageContaining("till");
        assertThatThrownBy(lock(1)::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(lock(1).tryLock()).isFalse();
        assertThat(lock(1).tryLock(50, TimeUnit.MILLISECONDS)).isFalse();
        Future<?> waiting = others.submit(() -> {
            lock(1).lock();
            lock(1).unlock();
        });
        ring.heal();
        waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void tryingAgainSaysThatTheLeaseWasLostAndHoldsNothingThen() throws Exception {
        lock(1).lock();
        lock(1).lock();
        ring.partition(1);
        lock2();
        assertThat(lock(1).tryLock()).isFalse();
        ring.heal();
        assertThat(lock(1).tryLock(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        lock(1).unlock();
        assertThatThrownBy(lock(1)::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(elsewhere(() -> tryAndUnlock(3))).isTrue();
    }

    private void lock2() throws Exception {
        assertThat(elsewhere(() -> {
                    lock(2).lock();
                    lock(2).unlock();
                    return true;
                }))
                .isTrue();
    }

    @Test
    void aTimeToLiveEndsTheLockUnlessItIsRenewed() throws Exception {
        lock(1).lock(Duration.ofMillis(50));
        lock2();
        assertThatThrownBy(lock(1)::unlock).isInstanceOf(ConcurrentModificationException.class);

        assertThat(lock(1).tryLock(LIMIT, Duration.ofMillis(200))).isTrue();
        registries.get(0).renewLock("till", LIMIT);
        assertThat(elsewhere(() -> lock(2).tryLock(400, TimeUnit.MILLISECONDS))).isFalse();
        lock(1).unlock();
        assertThatThrownBy(() -> lock(1).lock(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ttl=PT0S");
    }

    @Test
    void sayWhatTheyCannotDo() {
        assertThatThrownBy(lock(1)::newCondition).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> registries.get(0).obtain("")).isInstanceOf(IllegalArgumentException.class);
        Mono<Boolean> onTheLoop = Mono.fromCallable(() -> lock(1).tryLock()).subscribeOn(Schedulers.parallel());
        assertThatThrownBy(() -> onTheLoop.block(LIMIT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("may not block");
        assertThatThrownBy(() -> new TotemLockRegistry(Mono.empty(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("patience=PT0S");
    }
}
