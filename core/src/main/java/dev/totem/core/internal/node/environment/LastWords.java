/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.environment;

import java.util.List;
import reactor.core.publisher.Mono;

/** Keeps what a node did before it stopped itself. */
@FunctionalInterface
public interface LastWords {

    /** Nobody does. */
    LastWords UNKEPT = lines -> Mono.empty();

    /**
     * Keeps the lines of {@link dev.totem.core.TotemNode#blackBox()}. Called on the loop; the node has not ended before it completes, which
     * it must do within seconds, whatever the disc does. Cold; signals on any thread.
     */
    Mono<Void> keep(List<String> lines);
}
