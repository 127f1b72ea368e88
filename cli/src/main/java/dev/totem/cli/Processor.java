/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.client.TotemClient;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Lease;
import dev.totem.core.Membership;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.Position;
import dev.totem.core.TotemNode;
import reactor.core.publisher.Mono;

/** What is behind the handle of a session: a node of this process, or an executive. Any thread. */
interface Processor {

    NodeId id();

    /** Whether it is the node of another process. */
    boolean isAttached();

    Mono<Membership> membership();

    Mono<Lease> lease();

    Mono<NodeStats> stats();

    Mono<Position> rekey(int key);

    Mono<Position> expel(NodeId member, int key);

    Mono<Void> leave();

    Mono<Void> onClose();

    static Processor of(TotemNode node) {
        return new Processor() {
            @Override
            public NodeId id() {
                return node.id();
            }

            @Override
            public boolean isAttached() {
                return false;
            }

            @Override
            public Mono<Membership> membership() {
                return Mono.fromSupplier(node::membership);
            }

            @Override
            public Mono<Lease> lease() {
                return Mono.fromSupplier(node::lease);
            }

            @Override
            public Mono<NodeStats> stats() {
                return Mono.fromSupplier(node::stats);
            }

            @Override
            public Mono<Position> rekey(int key) {
                return node.rekey(key);
            }

            @Override
            public Mono<Position> expel(NodeId member, int key) {
                return node.expel(member, key);
            }

            @Override
            public Mono<Void> leave() {
                return node.leave();
            }

            @Override
            public Mono<Void> onClose() {
                return node.onClose();
            }
        };
    }

    static Processor of(TotemClient client) {
        return new Processor() {
            @Override
            public NodeId id() {
                return client.executive();
            }

            @Override
            public boolean isAttached() {
                return true;
            }

            @Override
            public Mono<Membership> membership() {
                return client.membership();
            }

            @Override
            public Mono<Lease> lease() {
                return Mono.error(new ConfigurationException(
                        "lease", "asked by a client", "only the executive's own process can ask in time"));
            }

            @Override
            public Mono<NodeStats> stats() {
                return client.stats();
            }

            @Override
            public Mono<Position> rekey(int key) {
                return Mono.error(new ConfigurationException(
                        "key", String.valueOf(key), "a client does not change keys: tell the executive's operator"));
            }

            @Override
            public Mono<Position> expel(NodeId member, int key) {
                return rekey(key);
            }

            @Override
            public Mono<Void> leave() {
                return client.close();
            }

            @Override
            public Mono<Void> onClose() {
                return client.onClose();
            }
        };
    }
}
