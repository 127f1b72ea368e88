/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client;

import static java.util.Objects.requireNonNull;

import dev.totem.client.internal.link.Sockets;
import dev.totem.client.internal.link.TlsContexts;
import dev.totem.client.internal.session.ClientSession;
import dev.totem.client.internal.session.Connector;
import dev.totem.client.internal.session.HealthQuestion;
import dev.totem.client.internal.wire.Frame;
import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsHandle;
import dev.totem.core.HandleSource;
import dev.totem.core.Membership;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * An application at an executive: a node that runs in another process and serves many. Its handles are as those of a node of
 * one's own. Any thread.
 *
 * <p>A connection that is lost is made again, to the same executive first. If it still has the client's session, nothing has
 * happened: no event is missing, and no send was applied twice. If it has not, or another executive answers, the handles are
 * opened there and join their groups again; their streams end with {@link dev.totem.core.EventsMissedException}, and sends that
 * were under way fail as unknown.
 */
public final class TotemClient implements HandleSource, Disposable {

    private static final int NAME_BYTES_MAX = 128;

    private final ClientSession session;

    private TotemClient(ClientSession session) {
        this.session = session;
    }

    /** {@link #at} these and {@link Builder#connect()}. */
    public static Mono<TotemClient> connect(ExecutiveAddress first, ExecutiveAddress... more) {
        return at(first, more).connect();
    }

    /** A client of the executives at these addresses, which are tried in this order. */
    public static Builder at(ExecutiveAddress first, ExecutiveAddress... more) {
        List<ExecutiveAddress> addresses = new ArrayList<>();
        addresses.add(requireNonNull(first, "first"));
        for (ExecutiveAddress address : requireNonNull(more, "more")) {
            addresses.add(requireNonNull(address, "more"));
        }
        return new Builder(new Plan(List.copyOf(addresses), "", Duration.ofSeconds(10), new byte[0], TlsFiles.none()));
    }

    private record Plan(List<ExecutiveAddress> addresses, String name, Duration patience, byte[] token, TlsFiles tls) {}

    /** How to attach. Immutable, any thread. */
    public static final class Builder {

        private static final int TOKEN_BYTES_MAX = 4_096;

        private final Plan plan;

        private Builder(Plan plan) {
            this.plan = plan;
        }

        /** What the executive calls the client in its log; at most 128 bytes of UTF-8; default: nothing. */
        public Builder name(String name) {
            requireNonNull(name, "name");
            if (name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
                throw new ConfigurationException("name", name, "has at most " + NAME_BYTES_MAX + " bytes of UTF-8");
            }
            return new Builder(new Plan(plan.addresses(), name, plan.patience(), plan.token(), plan.tls()));
        }

        /** How long an executive is looked for, at the start and when a connection was lost; more than 0; default 10 s. */
        public Builder patience(Duration patience) {
            if (requireNonNull(patience, "patience").isNegative() || patience.isZero()) {
                throw new ConfigurationException("patience", patience.toString(), "must be more than 0");
            }
            return new Builder(new Plan(plan.addresses(), plan.name(), patience, plan.token(), plan.tls()));
        }

        /** For {@code tls:} addresses: whom to trust, and who this is. */
        public Builder tls(TlsFiles files) {
            return new Builder(new Plan(
                    plan.addresses(), plan.name(), plan.patience(), plan.token(), requireNonNull(files, "files")));
        }

        /** What the client proves its identity with where it has no certificate; only said over TLS. */
        public Builder token(String token) {
            byte[] bytes = requireNonNull(token, "token").getBytes(StandardCharsets.UTF_8);
            if (bytes.length > TOKEN_BYTES_MAX) {
                throw new ConfigurationException(
                        "token", bytes.length + " bytes", "has at most " + TOKEN_BYTES_MAX + " bytes");
            }
            return new Builder(new Plan(plan.addresses(), plan.name(), plan.patience(), bytes, plan.tls()));
        }

        /**
         * Attaches.
         *
         * <p>Completes when an executive has welcomed the client; fails with {@link dev.totem.core.ExecutiveAwayException} if none
         * has within the patience, and with {@link ConfigurationException} if the only one refuses. Cold; cancelling gives it up.
         */
        public Mono<TotemClient> connect() {
            return Mono.defer(() -> ClientSession.start(
                            new Connector(
                                    plan.addresses(), plan.name(), plan.token(), Sockets.shared(), security(plan)),
                            plan.patience()))
                    .map(TotemClient::new);
        }

        private static BiConsumer<Channel, ExecutiveAddress.Tls> security(Plan plan) {
            if (plan.addresses().stream().noneMatch(ExecutiveAddress.Tls.class::isInstance)) {
                return (channel, address) -> {};
            }
            SslContext context = TlsContexts.client(plan.tls());
            return (channel, address) ->
                    channel.pipeline().addLast(context.newHandler(channel.alloc(), address.host(), address.port()));
        }
    }

    /** The node of the executive; another one after a move. */
    public NodeId executive() {
        return session.node();
    }

    /** {@link #openHandle(Scheduler)} on {@code Schedulers.parallel()}. */
    public Mono<EvsHandle> openHandle() {
        return openHandle(Schedulers.parallel());
    }

    /**
     * Opens a handle.
     *
     * <p>Completes when the executive has opened it, because {@link EvsHandle#id()} is the executive's to give. Fails with
     * {@link dev.totem.core.NodeClosedException} if the client has closed, and with {@link ConfigurationException} if it has
     * 1,024. Cold: each subscription opens one.
     *
     * @param scheduler where its signals run, one after another on one worker
     */
    public Mono<EvsHandle> openHandle(Scheduler scheduler) {
        return session.open(requireNonNull(scheduler, "scheduler"), Optional.empty())
                .map(EvsHandle.class::cast);
    }

    /**
     * Opens a handle with a name that the members of its groups see.
     *
     * @param name 1 to 128 bytes of UTF-8; need not differ from others
     * @throws ConfigurationException if it is empty or longer
     */
    public Mono<EvsHandle> openHandle(Scheduler scheduler, String name) {
        int bytes = requireNonNull(name, "name").getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > NAME_BYTES_MAX) {
            throw new ConfigurationException("name", name, "has 1 to " + NAME_BYTES_MAX + " bytes of UTF-8");
        }
        return session.open(requireNonNull(scheduler, "scheduler"), Optional.of(name))
                .map(EvsHandle.class::cast);
    }

    /** {@link #openHandle(Scheduler)}. */
    @Override
    public Mono<EvsHandle> handle(Scheduler scheduler) {
        return openHandle(scheduler);
    }

    /** {@link #openHandle(Scheduler, String)}. */
    @Override
    public Mono<EvsHandle> handle(Scheduler scheduler, String name) {
        return openHandle(scheduler, name);
    }

    /** The regular configuration that the executive's node has installed last. Cold. */
    public Mono<Membership> membership() {
        return session.ask(Frame.AskMembership::new, Frame.Members.class).map(Frame.Members::membership);
    }

    /**
     * How the executive's node is, or that there is none: with {@link dev.totem.core.NodeHealth.Code#EXECUTIVE_AWAY} if it is not
     * connected or does not answer within 2 s, and with the codes of an end if the client has closed. Never fails. Cold. Signals on {@code
     * Schedulers.parallel()}.
     */
    public Mono<NodeHealth> health() {
        return HealthQuestion.ask(session);
    }

    /** Counters and gauges of the executive's node. Cold. */
    public Mono<NodeStats> stats() {
        return session.ask(Frame.AskStats::new, Frame.Stats.class).map(answer -> NodeStats.named(answer.values()));
    }

    /**
     * Closes the handles, whose sends are ordered first, and leaves the executive.
     *
     * <p>Completes when that is done. Cold; idempotent; cancelling does not stop it.
     */
    public Mono<Void> close() {
        return session.close();
    }

    /** Begins to {@link #close()} and waits for nothing. */
    @Override
    public void dispose() {
        session.close().subscribe(nothing -> {}, failed -> {});
    }

    /** Whether it has closed. */
    @Override
    public boolean isDisposed() {
        return session.isOver();
    }

    /**
     * Ends with the client: completes when it was closed or the executive's node has left; fails with what ended that node, or
     * with {@link dev.totem.core.ExecutiveAwayException} if no executive was found within the patience.
     */
    public Mono<Void> onClose() {
        return session.onClose();
    }
}
