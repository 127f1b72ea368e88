/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.NodeId;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Stub: the node's branch holds the real one. */
public final class RunningNode {

    private RunningNode() {}

    public static Mono<TotemNode> start(
            NodeId self, TotemConfig config, NodeEnvironment environment, Consumer<TotemNode> onBound) {
        throw new UnsupportedOperationException("the node is not merged yet");
    }
}
