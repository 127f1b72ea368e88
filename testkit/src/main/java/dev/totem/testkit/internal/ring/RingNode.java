/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.ring;

import dev.totem.core.NodeId;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.RunningNode;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.PlainSeal;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One node of a ring in memory through all its lives. Any thread, one call at a time. */
final class RingNode {

    private static final long JOIN_MILLIS = 5_000;

    private final NodeId id;
    private final TotemConfig config;
    private final MemoryNetwork network;
    private final MemoryStore store = new MemoryStore();
    private long epochMillis;
    private @Nullable Life life;

    RingNode(NodeId id, TotemConfig config, MemoryNetwork network) {
        this.id = id;
        this.config = config;
        this.network = network;
    }

    NodeId id() {
        return id;
    }

    Mono<TotemNode> start() {
        return Mono.defer(() -> {
            epochMillis = Math.max(epochMillis + 1, System.currentTimeMillis());
            ThreadLoop loop = new ThreadLoop("totem-test-" + id, epochMillis);
            MemoryLink link = network.attach(id, loop);
            NodeEnvironment environment =
                    new NodeEnvironment(link, loop, PlainSeal.create(), store, new SecureRandom());
            Life begun = new Life(loop, link, null);
            life = begun;
            return RunningNode.start(id, NodeSettings.of(config), environment, bound -> {})
                    .doOnNext(node -> life = new Life(loop, link, node))
                    .doOnError(failure -> begun.end());
        });
    }

    Optional<TotemNode> node() {
        Life now = life;
        return now == null ? Optional.empty() : Optional.ofNullable(now.node);
    }

    /** The loop ends at this moment, and with it all that the node would still have done. */
    void crash() {
        Life ending = life;
        life = null;
        if (ending != null) {
            ending.end();
        }
    }

    private record Life(
            ThreadLoop loop, MemoryLink link, @Nullable TotemNode node) {

        void end() {
            link.close().subscribe(nothing -> {}, never -> {});
            loop.stop();
            try {
                loop.join(JOIN_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
