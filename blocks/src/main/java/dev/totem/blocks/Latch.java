/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import reactor.core.publisher.Mono;

/** A latch of {@link Gates}. Any thread. */
public final class Latch {

    private final Gates gates;
    private final String name;
    private final long count;

    Latch(Gates gates, String name, long count) {
        this.gates = gates;
        this.name = name;
        this.count = count;
    }

    /** Counts down by one, not below 0. Completes when that is decided; fails as {@link ReplicatedState#submit}. */
    public Mono<Void> countDown() {
        return gates.submit(new GateCommand.Open(name, count))
                .then(gates.submit(new GateCommand.Down(name, 1)))
                .then();
    }

    /** Completes when the count is 0, at once if it was before. Fails as {@link ReplicatedState#submit}. Cancelling ends the waiting. */
    public Mono<Void> await() {
        return gates.awaitLatch(name, count);
    }

    /** The count at this node now, which may be behind; empty if it has no state. */
    public Mono<Long> count() {
        return gates.count(name, count);
    }
}
