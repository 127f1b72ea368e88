/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.blocks.Leadership;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The elections that the application's {@link LeaderOnly} methods name. A bean of this type takes the place of the one that holds
 * them on the ring, and is asked by these methods then. Any thread.
 */
public interface TotemLeadership {

    /** Whether this instance leads at this moment, by this machine's clock; cheap. False for elections that nobody names. */
    boolean isLeading(String election);

    /** Who leads, as {@code LeaderElection.watch} tells it; of any election. Waits for the node to start. */
    Flux<Leadership> watch(String election);

    /** Hands the leadership over, as {@code LeaderElection.resign} does. */
    Mono<Void> resign(String election);
}
