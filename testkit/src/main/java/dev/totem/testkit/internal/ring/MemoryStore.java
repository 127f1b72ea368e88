/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.ring;

import dev.totem.core.spi.RingSequenceStore;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/** Stable storage that lives as long as its ring. Any thread. */
final class MemoryStore implements RingSequenceStore {

    private final AtomicLong kept = new AtomicLong();

    @Override
    public Mono<Long> load() {
        return Mono.fromSupplier(kept::get);
    }

    @Override
    public Mono<Void> store(long ringSeq) {
        return Mono.fromRunnable(() -> kept.set(ringSeq));
    }
}
