/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.blocks.Block;
import dev.totem.blocks.BlockBuilder;
import dev.totem.blocks.Codec;
import dev.totem.blocks.Counters;
import dev.totem.blocks.FencedLock;
import dev.totem.blocks.LeaderElection;
import dev.totem.blocks.MapUpdate;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.blocks.Requests;
import dev.totem.blocks.StateStatus;
import dev.totem.blocks.WorkQueue;
import dev.totem.core.HandleSource;
import dev.totem.core.Quorum;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One of each block, on one node. Any thread. */
record NodeBlocks(
        ReplicatedMap<String, String> map,
        Counters counters,
        FencedLock locks,
        LeaderElection elections,
        WorkQueue<String> queues,
        Requests requests) {

    /** Where the blocks are opened, and how. */
    record Options(Quorum quorum, int expect, Duration lease) {

        private <B> Mono<B> open(HandleSource node, Function<Quorum, BlockBuilder<B>> block) {
            return block.apply(quorum).bootstrapExpect(expect).lease(lease).open(node);
        }
    }

    static Mono<NodeBlocks> open(HandleSource node, Options options) {
        return Mono.zip(
                        options.open(node, quorum -> ReplicatedMap.of("totem", quorum, Codec.utf8(), Codec.utf8())),
                        options.open(node, quorum -> Counters.of("totem", quorum)),
                        options.open(node, quorum -> FencedLock.of("totem", quorum)),
                        options.open(node, quorum -> LeaderElection.of("totem", quorum)),
                        options.open(node, quorum -> WorkQueue.of("totem", quorum, Codec.utf8())),
                        Requests.open(node))
                .map(all ->
                        new NodeBlocks(all.getT1(), all.getT2(), all.getT3(), all.getT4(), all.getT5(), all.getT6()));
    }

    Mono<MapUpdate<String>> changed(BlocksRequest.Cas cas) {
        return cas.expect()
                .map(expected -> cas.value()
                        .map(value -> map.compareAndSet(cas.key(), expected, value))
                        .orElseGet(() -> map.compareAndRemove(cas.key(), expected)))
                .orElseGet(() -> map.putIfAbsent(cas.key(), cas.value().orElseThrow()));
    }

    private List<Block> replicated() {
        return List.of(map, counters, locks, elections, queues);
    }

    /** What each can do, whenever that changes. */
    Flux<List<StateStatus>> status() {
        return Flux.combineLatest(
                replicated().stream().map(Block::status).toList(),
                all -> Arrays.stream(all).map(StateStatus.class::cast).toList());
    }

    /** Whoever waits for something that this node has gets it at once. */
    Mono<Void> close() {
        return Mono.when(replicated().stream().map(Block::close).toList());
    }
}
