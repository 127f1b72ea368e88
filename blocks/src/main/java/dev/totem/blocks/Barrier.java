/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import reactor.core.publisher.Mono;

/** A barrier of {@link Gates}. Any thread. */
public final class Barrier {

    private final Gates gates;
    private final String name;
    private final int parties;

    Barrier(Gates gates, String name, int parties) {
        this.gates = gates;
        this.name = name;
        this.parties = parties;
    }

    /**
     * Waits for the others; each subscription is a party of its own. Completes when so many wait as there are parties. Fails as
     * {@link ReplicatedState#submit}, and with the fate {@code UNKNOWN} if this member was taken for gone meanwhile. Cancelling
     * leaves the barrier.
     */
    public Mono<Void> await() {
        return gates.awaitBarrier(name, parties);
    }
}
