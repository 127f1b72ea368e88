/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.environment.RingReserve;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.NodeScheduler;
import dev.totem.core.spi.RingSequenceStore;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/** How a node comes to life in the simulated world; {@link SimCluster#create} uses the production one. */
@FunctionalInterface
public interface NodeLauncher {

    /** The node as it runs in production, on a link without encryption. */
    static NodeLauncher production() {
        return new ProductionLauncher();
    }

    /**
     * Starts a node.
     *
     * @param onBound given the node before it delivers anything
     */
    Mono<TotemNode> launch(NodeId self, NodeSettings config, World world, Consumer<TotemNode> onBound);

    /**
     * What a simulated node has instead of sockets, threads, disks and chance.
     *
     * @param random decides all that the node leaves to chance
     * @param reserve how many ring numbers the node keeps ready
     * @param witness sees every step of the node's protocol
     */
    record World(
            DatagramLink link,
            NodeScheduler scheduler,
            RingSequenceStore disk,
            RandomGenerator random,
            RingReserve reserve,
            StepWitness witness) {}
}
