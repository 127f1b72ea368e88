/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import dev.totem.blocks.Leadership;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.blocks.StateStatus;
import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.spring.boot.TotemBlocks;
import dev.totem.spring.boot.TotemLeadership;
import dev.totem.spring.boot.TotemListener;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.function.Tuple2;
import reactor.util.function.Tuples;

/** How this instance is: three streams of the ring as one. */
@Component
class Instances {

    private final Mono<ReplicatedMap<String, Card>> cards;
    private final TotemLeadership leadership;
    private final TotemNode node;
    private final int nodes;
    private final Sinks.Many<List<NodeId>> members = Sinks.many().replay().latest();

    Instances(Mono<ReplicatedMap<String, Card>> cards, TotemLeadership leadership, TotemNode node, TotemBlocks blocks) {
        this.cards = cards;
        this.leadership = leadership;
        this.node = node;
        this.nodes = blocks.quorum().nodes();
    }

    /** Told in the order that all instances have, one after the other. */
    @TotemListener
    void members(ConfigChange change) {
        if (change.kind() == ConfigChange.Kind.REGULAR) {
            members.emitNext(change.members(), Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    /** How it is, and again whenever that changes. */
    Flux<Instance> watch() {
        Flux<Tuple2<List<NodeId>, Leadership>> ring =
                Flux.combineLatest(members.asFlux(), leadership.watch(Tidy.ELECTION), Tuples::of);
        return Flux.combineLatest(ring, cards.flatMapMany(ReplicatedMap::status), this::seen)
                .distinctUntilChanged();
    }

    private Instance seen(Tuple2<List<NodeId>, Leadership> ring, StateStatus status) {
        return new Instance(
                node.id().value(),
                ring.getT1().stream().map(NodeId::value).toList(),
                nodes,
                ring.getT2().leader().map(NodeId::value),
                status.phase());
    }
}
