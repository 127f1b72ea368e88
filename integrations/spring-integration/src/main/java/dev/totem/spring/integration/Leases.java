/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.integration;

import dev.totem.blocks.FencedLock;
import dev.totem.blocks.Lease;
import dev.totem.core.SendFailedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.CannotAcquireLockException;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** The ring's answers, for threads that wait for them. Any thread that may block. */
final class Leases {

    private static final Logger LOG = LoggerFactory.getLogger(TotemLockRegistry.class);

    /** Between two questions in a part without a quorum. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Mono<FencedLock> locks;
    private final Duration patience;

    Leases(Mono<FencedLock> locks, Duration patience) {
        this.locks = locks;
        this.patience = patience;
    }

    /** Waits as long as it takes, for a quorum too. */
    Lease acquire(String name) throws InterruptedException {
        return await(name, waiting(name), Long.MAX_VALUE)
                .orElseThrow(() -> new CannotAcquireLockException("lock " + name + ": the block has ended"));
    }

    /** Waits so long for the lease; of no time, for the answer whether the lock is free. */
    Optional<Lease> tryAcquire(String name, long waitNanos) throws InterruptedException {
        return waitNanos > 0 ? await(name, waiting(name), waitNanos) : await(name, asking(name), patience.toNanos());
    }

    private Mono<Lease> waiting(String name) {
        return locks.flatMap(open -> open.acquire(name))
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, PAUSE)
                        .filter(Leases::isTemporary)
                        .doBeforeRetry(again -> logFirst(name, again)));
    }

    private Mono<Lease> asking(String name) {
        return locks.flatMap(open -> open.tryAcquire(name)).onErrorResume(Leases::isTemporary, refused -> {
            LOG.warn("lock {} cannot be had now: {}", name, refused.toString());
            return Mono.empty();
        });
    }

    private static boolean isTemporary(Throwable failure) {
        return failure instanceof SendFailedException failed && failed.retryCanHelp();
    }

    private static void logFirst(String name, Retry.RetrySignal again) {
        if (again.totalRetries() == 0) {
            LOG.warn("lock {} is waited for: {}", name, again.failure().toString());
        }
    }

    private Optional<Lease> await(String name, Mono<Lease> asked, long nanos) throws InterruptedException {
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException(
                    "lock " + name + ": " + Thread.currentThread().getName()
                            + " may not block; use FencedLock itself, or publishOn(Schedulers.boundedElastic())");
        }
        CompletableFuture<Optional<Lease>> answer = new CompletableFuture<>();
        Asking asking = new Asking(answer);
        asked.subscribe(asking);
        try {
            return answer.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            asking.giveUp();
            return answer.getNow(Optional.empty());
        } catch (InterruptedException interrupted) {
            asking.giveUp();
            answer.getNow(Optional.empty()).ifPresent(this::giveBack);
            throw interrupted;
        } catch (ExecutionException failed) {
            throw new CannotAcquireLockException("lock " + name + " cannot be had", failed.getCause());
        }
    }

    /** Whether it was held until now; waits for the ring's answer as long as its patience. */
    boolean release(Lease lease) {
        boolean wasHeld = lease.isHeld();
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        lease.release()
                .subscribe(freed -> answer.complete(true), answer::completeExceptionally, () -> answer.complete(false));
        boolean isInterrupted = Thread.interrupted();
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException again) {
            isInterrupted = true;
            return wasHeld;
        } catch (TimeoutException | ExecutionException late) {
            LOG.warn(
                    "lock {} is not released yet, and will be when there is a quorum, or with its lease: {}",
                    lease.name(),
                    late.toString());
            return wasHeld;
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void giveBack(Lease lease) {
        lease.release()
                .subscribe(
                        freed -> {},
                        failure -> LOG.warn("lock {} ends with its lease: {}", lease.name(), failure.toString()));
    }

    /** Takes what comes also after its cancel, and gives that back. */
    private final class Asking extends BaseSubscriber<Lease> {

        private final CompletableFuture<Optional<Lease>> answer;

        Asking(CompletableFuture<Optional<Lease>> answer) {
            this.answer = answer;
        }

        void giveUp() {
            cancel();
            answer.complete(Optional.empty());
        }

        @Override
        protected void hookOnNext(Lease lease) {
            if (!answer.complete(Optional.of(lease))) {
                giveBack(lease);
            }
        }

        @Override
        protected void hookOnComplete() {
            answer.complete(Optional.empty());
        }

        @Override
        protected void hookOnError(Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }
}
