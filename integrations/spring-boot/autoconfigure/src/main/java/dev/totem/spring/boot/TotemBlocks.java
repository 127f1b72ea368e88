/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.BlockBuilder;
import dev.totem.blocks.Codec;
import dev.totem.blocks.FencedLock;
import dev.totem.blocks.LeaderElection;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.core.Quorum;
import dev.totem.spring.boot.internal.ContextNode;
import dev.totem.spring.boot.internal.PerLife;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Makes blocks on the application's node, for beans: a bean of type {@code Mono<FencedLock>} that is {@code
 * blocks.lock("locks")}. Any thread.
 *
 * <p>What it returns waits for the node, opens the block when it is first subscribed, and is the same block for all subscribers; it
 * is opened anew when the context is started again. Ask once for a block of a kind and name: it is open once on a node. Blocks
 * decide by the setting {@code totem.quorum} and have the lease {@code totem.lease}. They end with the node.
 */
public final class TotemBlocks {

    private final ContextNode node;
    private final Duration lease;

    TotemBlocks(ContextNode node, Duration lease) {
        this.node = node;
        this.lease = lease;
    }

    /** The quorum of the node's settings, for builders of one's own. */
    public Quorum quorum() {
        return node.settings().quorum();
    }

    /** A map with keys and values as the codecs have them. */
    public <K, V> Mono<ReplicatedMap<K, V>> map(String name, Codec<K> keys, Codec<V> values) {
        return open(ReplicatedMap.of(requireNonNull(name, "name"), quorum(), keys, values)
                .lease(lease));
    }

    /** Locks by name. */
    public Mono<FencedLock> lock(String name) {
        return open(FencedLock.of(requireNonNull(name, "name"), quorum()).lease(lease));
    }

    /** Elections by name. */
    public Mono<LeaderElection> election(String name) {
        return open(LeaderElection.of(requireNonNull(name, "name"), quorum()).lease(lease));
    }

    /** Any block. */
    public <B> Mono<B> open(BlockBuilder<B> block) {
        requireNonNull(block, "block");
        return new PerLife<>(node, block::open).get();
    }
}
