/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import reactor.core.publisher.Mono;

/** Stable storage for one number: the highest ring sequence number this node has ever used ({@code PROTOCOL.md} 8). */
public interface RingSequenceStore {

    /**
     * Reads the number. Completes with 0 when none was kept or what was kept is unreadable as a number; fails with
     * {@code ConfigurationException} when the place cannot be used at all. Cold; signals on any thread.
     */
    Mono<Long> load();

    /** Writes the number. Completes when it would survive a crash of the machine. Cold; signals on any thread. */
    Mono<Void> store(long ringSeq);
}
