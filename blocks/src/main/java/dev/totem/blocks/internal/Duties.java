/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** What a replica does because time has passed: it gives up members that are away, tells the time, and confirms its lease. One thread. */
final class Duties {

    /** So many confirmations fit into a lease. */
    private static final int CONFIRMATIONS = 10;

    /** So many times as fast goes ordered time when it is behind. */
    private static final int CATCH_UP = 10;

    private final Settings settings;
    private final Outbox out;
    private final Scheduler scheduler;
    private final Replica replica;
    private final Set<Frame.Fence> fencing = new HashSet<>();
    private final Set<Member> missed = new HashSet<>();
    private boolean isTicking;
    private boolean wantsLease;
    private boolean isConfirming;

    Duties(Settings settings, Outbox out, Scheduler scheduler, Replica replica) {
        this.settings = settings;
        this.out = out;
        this.scheduler = scheduler;
        this.replica = replica;
    }

    /** A configuration begins. */
    void begin() {
        fencing.clear();
        missed.clear();
    }

    /** What one of those who have the state does for all. */
    void ofDonor(Round current, Applied applied) {
        applied.present().stream()
                .filter(member -> !current.present().contains(member) && missed.add(member))
                .forEach(gone -> out.send(new Frame.Gone(current.ring(), gone)));
        applied.departed().forEach(this::fence);
        tick(applied.timeMillis());
    }

    /** Does something a while after a configuration that may decide has begun. */
    void afterPatience(Runnable task) {
        later(Listening.PATIENCE.toNanos(), task);
    }

    /** Somebody has been away since an entry: when the lease is over, all are told. */
    private void fence(Member gone, long departedIndex) {
        Frame.Fence fence = new Frame.Fence(gone, departedIndex);
        if (fencing.add(fence)) {
            later(settings.lease().toNanos(), () -> {
                if (fencing.contains(fence)) {
                    out.send(fence);
                }
            });
        }
    }

    /** Tells the time, as long as it is for this member to do so; of time that was lost, as many ticks more often. */
    private void tick(long timeMillis) {
        if (!settings.hasTicks() || isTicking) {
            return;
        }
        isTicking = true;
        boolean isLate =
                settings.clock().millis() - timeMillis > 2 * settings.tick().toMillis();
        later(settings.tick().toNanos() / (isLate ? CATCH_UP : 1), () -> {
            isTicking = false;
            if (replica.isDonor()) {
                out.send(new Frame.Tick(settings.clock().millis()));
            }
        });
    }

    /** From now on, or no longer, this member makes sure that nobody else takes it for gone. */
    void keepLease(boolean isWanted) {
        wantsLease = isWanted;
        if (isWanted && replica.confirm()) {
            confirm();
        }
    }

    /** Confirms the lease every so often, as long as that is wanted. */
    void confirm() {
        if (!wantsLease || isConfirming) {
            return;
        }
        isConfirming = true;
        later(settings.lease().toNanos() / CONFIRMATIONS, () -> {
            isConfirming = false;
            if (wantsLease && replica.confirm()) {
                confirm();
            }
        });
    }

    private void later(long delayNanos, Runnable task) {
        scheduler.schedule(
                () -> {
                    if (!replica.isStopped()) {
                        task.run();
                    }
                },
                delayNanos,
                TimeUnit.NANOSECONDS);
    }
}
