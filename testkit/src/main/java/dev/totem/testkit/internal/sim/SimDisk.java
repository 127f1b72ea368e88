/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.spi.RingSequenceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** Stable storage that takes its time and outlives crashes, more or less. One thread. */
final class SimDisk implements RingSequenceStore {

    private final SimScheduler scheduler;
    private final LongSupplier longestNanos;
    private final SplittableRandom random;
    private final List<Long> written = new ArrayList<>(List.of(0L));
    private long kept;
    private long pending;
    private int crashes;

    /** @param longestNanos how long an access may take now */
    SimDisk(SimScheduler scheduler, LongSupplier longestNanos, SplittableRandom random) {
        this.scheduler = scheduler;
        this.longestNanos = longestNanos;
        this.random = random;
    }

    @Override
    public Mono<Long> load() {
        return Mono.create(sink -> scheduler.at(later(), () -> sink.success(kept)));
    }

    @Override
    public Mono<Void> store(long bound) {
        return Mono.create(sink -> {
            pending = bound;
            int before = crashes;
            scheduler.at(later(), () -> {
                if (before == crashes) {
                    keep(bound);
                    sink.success();
                }
            });
        });
    }

    private void keep(long bound) {
        written.add(bound);
        kept = bound;
    }

    long kept() {
        return kept;
    }

    /** A write under way when the node crashes is completed or it is not. */
    void crash() {
        crashes++;
        if (pending > kept && random.nextBoolean()) {
            keep(pending);
        }
    }

    void restart(DiskFate fate) {
        kept = switch (fate) {
            case KEPT -> kept;
            case LOST, TRUNCATED -> 0;
            case STALE -> written.get(random.nextInt(written.size()));
        };
        pending = 0;
    }

    private long later() {
        return scheduler.nowNanos() + SimLife.HOP_NANOS + random.nextLong(1 + longestNanos.getAsLong());
    }
}
