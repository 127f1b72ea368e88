/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import reactor.core.publisher.Mono;

/**
 * Stable storage for one number, the bound of a node's ring numbers: all that this node has ever used are below it, and its
 * next life begins at it or above ({@code PROTOCOL.md} 8). It is moved ahead in the background, so it may take its time.
 */
public interface RingSequenceStore {

    /**
     * Reads the bound. Completes with 0 when none was kept or what was kept is unreadable as a number; fails with
     * {@code ConfigurationException} when the place cannot be used at all. Cold; signals on any thread.
     */
    Mono<Long> load();

    /**
     * Writes the bound. Completes when it would survive a crash of the machine; what was kept before is kept until then, and
     * if it fails. A failure may be over later, as when a disc has room again. One at a time. Cold; signals on any thread.
     */
    Mono<Void> store(long bound);
}
