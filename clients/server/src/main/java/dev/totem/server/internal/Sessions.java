/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.internal.link.Wire;
import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.SessionId;
import dev.totem.core.NodeClosedException;
import dev.totem.core.TotemException;
import dev.totem.core.TotemNode;
import dev.totem.server.ClientAuthorization;
import dev.totem.server.ClientIdentity;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** All clients of a node. Any thread. */
public final class Sessions {

    private final TotemNode node;
    private final ServerLimits limits;
    private final ClientAuthorization authorization;
    private final Counters counters;
    private final SecureRandom random = new SecureRandom();
    private final Map<SessionId, Session> all = new ConcurrentHashMap<>();

    public Sessions(TotemNode node, ServerLimits limits, ClientAuthorization authorization, Counters counters) {
        this.node = node;
        this.limits = limits;
        this.authorization = authorization;
        this.counters = counters;
    }

    TotemNode node() {
        return node;
    }

    ServerLimits limits() {
        return limits;
    }

    ClientAuthorization authorization() {
        return authorization;
    }

    Counters counters() {
        return counters;
    }

    public int size() {
        return all.size();
    }

    /** The session that is asked for, if it is there and this client's. */
    @Nullable
    Session find(SessionId id, ClientIdentity client) {
        Session session = all.get(id);
        return session != null && session.client().equals(client) ? session : null;
    }

    /** A new one, unless there are too many. */
    Optional<Session> open(Wire wire, ClientIdentity client, String name) {
        if (all.size() >= limits.clients()) {
            return Optional.empty();
        }
        SessionId id = new SessionId(random.nextLong(), random.nextLong() | 1);
        Session session = new Session(this, id, client, name, wire.loop());
        all.put(id, session);
        return Optional.of(session);
    }

    void forget(SessionId id) {
        all.remove(id);
    }

    /** The node has ended: clients are told. */
    public void nodeEnded(@Nullable Throwable reason) {
        Optional<TotemException> told = Optional.ofNullable(reason)
                .map(thrown -> thrown instanceof TotemException known ? known : new NodeClosedException("the node"));
        all.values()
                .forEach(session -> session.execute(() -> session.nodeEnded(new Frame.Ended(told), System.nanoTime())));
    }

    /** Completes when all have ended. */
    public Mono<Void> close() {
        return Mono.when(List.copyOf(all.values()).stream().map(Session::end).toList());
    }
}
