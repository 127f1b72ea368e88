/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.sim;

import dev.totem.core.spi.RingSequenceStore;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** Stable storage that takes its time and outlives crashes, more or less. One thread. */
final class SimDisk implements RingSequenceStore {

    private final SimScheduler scheduler;
    private final Progress progress;
    private final LongSupplier delayNanos;
    private long kept;
    private long before;

    SimDisk(SimScheduler scheduler, Progress progress, LongSupplier delayNanos) {
        this.scheduler = scheduler;
        this.progress = progress;
        this.delayNanos = delayNanos;
    }

    @Override
    public Mono<Long> load() {
        return Mono.create(sink -> scheduler.at(later(), () -> sink.success(kept)));
    }

    /** A write under way when the node crashes is completed: the platter does not know. */
    @Override
    public Mono<Void> store(long ringSeq) {
        return Mono.create(sink -> {
            progress.written();
            scheduler.at(later(), () -> {
                before = kept;
                kept = ringSeq;
                sink.success();
            });
        });
    }

    long kept() {
        return kept;
    }

    void restart(DiskFate fate) {
        kept = switch (fate) {
            case KEPT -> kept;
            case LOST -> 0;
            case STALE -> before;
        };
    }

    private long later() {
        return scheduler.nowNanos() + SimLife.HOP_NANOS + delayNanos.getAsLong();
    }
}
