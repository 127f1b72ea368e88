/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.shedlock;

import dev.totem.blocks.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.AbstractSimpleLock;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A lock that was granted. One thread at a time, and a timer. */
final class HeldLock extends AbstractSimpleLock {

    private static final Logger LOG = LoggerFactory.getLogger(HeldLock.class);

    private final Lease lease;
    private final Duration patience;
    private final long grantedNanos = System.nanoTime();
    private final Disposable atMost;

    HeldLock(LockConfiguration configuration, Lease lease, Duration patience) {
        super(configuration);
        this.lease = lease;
        this.patience = patience;
        this.atMost = releaseIn(configuration.getLockAtMostFor().toNanos());
    }

    private Disposable releaseIn(long nanos) {
        return Schedulers.parallel()
                .schedule(() -> released().subscribe(nothing -> {}, this::logLate), nanos, TimeUnit.NANOSECONDS);
    }

    private Mono<Void> released() {
        return lease.release().then().onErrorResume(failure -> {
            logLate(failure);
            return Mono.empty();
        });
    }

    private void logLate(Throwable failure) {
        LOG.warn("lock {} ends with its lease: {}", lease.name(), failure.toString());
    }

    /** Releases now, or when {@code lockAtLeastFor} is over. */
    @Override
    protected void doUnlock() {
        long leftNanos = lockConfiguration.getLockAtLeastFor().toNanos() - (System.nanoTime() - grantedNanos);
        atMost.dispose();
        if (leftNanos > 0) {
            releaseIn(leftNanos);
            return;
        }
        Mono<Void> late = Mono.defer(() -> {
            LOG.warn("lock {} is not released in {}, and will be when there is a quorum", lease.name(), patience);
            return Mono.empty();
        });
        released().timeout(patience, late).block();
    }

    @Override
    protected Optional<SimpleLock> doExtend(LockConfiguration configuration) {
        atMost.dispose();
        if (!lease.isHeld()) {
            return Optional.empty();
        }
        return Optional.of(new HeldLock(configuration, lease, patience));
    }
}
