/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.TotemNode;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A node as the options describe it, not started, over whatever transport. Any thread. */
@FunctionalInterface
public interface NodeStart {

    /**
     * Starts it, as {@link dev.totem.transport.UdpTotem#start} does.
     *
     * @param onBound given the node before its first frame leaves
     */
    Mono<TotemNode> start(Consumer<TotemNode> onBound);
}
