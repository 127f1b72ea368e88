/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.RunningNode;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.PlainSeal;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** The node as it runs in production, down to sealed bytes. Any thread. */
final class ProductionLauncher implements NodeLauncher {

    @Override
    public Mono<TotemNode> launch(NodeId self, NodeSettings config, World world, Consumer<TotemNode> onBound) {
        NodeEnvironment environment = new NodeEnvironment(
                world.link(),
                world.scheduler(),
                PlainSeal.seeded(world.random()),
                world.disk(),
                world.random(),
                world.reserve(),
                world.witness());
        return RunningNode.start(self, config, environment, onBound);
    }
}
