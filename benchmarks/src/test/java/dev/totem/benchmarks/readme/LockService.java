/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A lock that every node grants to the same one: whose request is first in the order. It lives as long as nobody comes or
 * goes; then everybody asks again.
 */
final class LockService {

    private final EvsHandle handle;
    private final int majority;
    private final Deque<Grant> waiting = new ArrayDeque<>();
    private boolean hasQuorum;
    private boolean isInStep;

    /** Who has the lock; the position of the request is the fencing token. */
    record Grant(NodeId holder, Position token) {}

    LockService(EvsHandle handle, int majority) {
        this.handle = handle;
        this.majority = majority;
    }

    // example:lock
    /** Takes part, once somebody looks at {@link #holder()}: what was asked for before counts for nobody. */
    Mono<Position> start() {
        return handle.join("lock").then(say("start"));
    }

    Mono<Position> acquire() {
        return say("acquire");
    }

    Mono<Position> release() {
        return say("release");
    }

    private Mono<Position> say(String word) {
        return handle.send(Message.to("lock").safe().payload(word.getBytes(UTF_8)));
    }

    /** Who has the lock, each time that changes: the same at every node of a configuration. */
    Flux<Optional<Grant>> holder() {
        return handle.events().map(this::apply).distinctUntilChanged();
    }

    private Optional<Grant> apply(EvsEvent event) {
        if (event instanceof ConfigChange change) {
            hasQuorum = change.members().size() >= majority;
            waiting.clear();
        } else if (event instanceof Delivery message) {
            switch (new String(message.payload(), UTF_8)) {
                case "start" -> {
                    isInStep = true;
                    waiting.clear();
                }
                case "acquire" -> waiting.add(new Grant(message.sender(), message.position()));
                default -> waiting.removeIf(request -> request.holder().equals(message.sender()));
            }
        }
        return isInStep && hasQuorum ? Optional.ofNullable(waiting.peek()) : Optional.empty();
    }
    // example:end
}
