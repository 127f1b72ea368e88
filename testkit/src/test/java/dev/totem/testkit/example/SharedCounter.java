/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.example;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.TotemNode;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

// example:counter
/** Counts what all nodes add together, also while they cannot hear each other. */
class SharedCounter {

    private final EvsHandle handle;
    private final AtomicLong mine = new AtomicLong();
    private final Map<NodeId, Long> added = new ConcurrentHashMap<>();

    SharedCounter(TotemNode node) {
        handle = node.openHandle();
    }

    /** Follows the order until the node ends. */
    Flux<Position> run() {
        return handle.join("counter")
                .thenMany(handle.events())
                .doOnNext(this::apply)
                .filter(this::isSomebodyNew)
                .concatMap(event -> tell());
    }

    Mono<Position> add() {
        mine.incrementAndGet();
        return tell();
    }

    long total() {
        return added.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Each says how much it has added in all, so that saying it twice does no harm. */
    private Mono<Position> tell() {
        return Mono.defer(() -> {
            byte[] total = ByteBuffer.allocate(Long.BYTES).putLong(mine.get()).array();
            return handle.send(Message.to("counter").payload(total));
        });
    }

    private void apply(EvsEvent event) {
        if (event instanceof Delivery message) {
            added.merge(message.sender(), message.payloadView().getLong(), Math::max);
        }
    }

    /** Who comes from another part of the network has not heard what was said in this one. */
    boolean isSomebodyNew(EvsEvent event) {
        return event instanceof ConfigChange change && !change.joined().isEmpty();
    }
}
// example:end
