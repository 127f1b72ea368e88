/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What all blocks have in common: one replica of a state, on a node or at one. Any thread.
 *
 * <p>What blocks answer is signalled on the replica's thread: whoever blocks there, or works for long, holds up the replica;
 * {@code publishOn} is the remedy. Monos are cold: each subscription asks once.
 */
public interface Block {

    /** This replica. */
    Member member();

    /**
     * What this replica can do: now, and whenever that changes. A subscriber that does not keep up misses what was between.
     * Completes when the block is closed or its node leaves; fails with {@link ReplicaStoppedException}.
     */
    Flux<StateStatus> status();

    /** Completes when this node has the state and decides with the others. Fails as {@link #status()}. */
    Mono<Void> inState();

    /** Ends what is open, tells the others, and ends. Completes when that is done. Cancelling stops the telling. */
    Mono<Void> close();
}
