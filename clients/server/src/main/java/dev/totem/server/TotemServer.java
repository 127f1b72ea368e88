/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static java.util.Objects.requireNonNull;

import dev.totem.client.ExecutiveAddress;
import dev.totem.client.TlsFiles;
import dev.totem.client.internal.link.Sockets;
import dev.totem.client.internal.link.TlsContexts;
import dev.totem.client.internal.wire.Frame;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Settings;
import dev.totem.core.Statistic;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.server.internal.ClientTokens;
import dev.totem.server.internal.Counters;
import dev.totem.server.internal.Doorkeepers;
import dev.totem.server.internal.Listener;
import dev.totem.server.internal.ServerLimits;
import dev.totem.server.internal.Sessions;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What makes a node an executive: applications in other processes attach to it with {@code totem-client}. Any thread.
 *
 * <p>Each client has limits of its own, and the node treats its subscribers as it treats those of the same process: a client can
 * hold the ring back as long as any of them, and no other client.
 */
public final class TotemServer implements Disposable {

    private static final Duration LINGER = Duration.ofSeconds(1);

    private final List<Listener> listeners;
    private final Sessions sessions;
    private final Counters counters;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final Mono<Void> closing;

    private TotemServer(List<Listener> listeners, Sessions sessions, Counters counters) {
        this.listeners = listeners;
        this.sessions = sessions;
        this.counters = counters;
        this.closing = Mono.defer(() -> {
                    isClosed.set(true);
                    return Mono.when(listeners.stream().map(Listener::close).toList())
                            .then(sessions.close());
                })
                .cache();
    }

    /** A server of this node, which listens nowhere yet. */
    public static Builder on(TotemNode node) {
        return new Builder(new Plan(
                requireNonNull(node, "node"),
                List.of(),
                Duration.ofSeconds(10),
                4_096,
                TotemConfig.builder().build().get(Settings.MAX_MESSAGE_SIZE),
                ClientAuthorization.sameUser(),
                TlsFiles.none(),
                Optional.empty()));
    }

    private record Plan(
            TotemNode node,
            List<ExecutiveAddress> addresses,
            Duration lease,
            int clients,
            int messageBytes,
            ClientAuthorization authorization,
            TlsFiles tls,
            Optional<Path> tokens) {}

    /** Where a server listens and what it gives to clients. Immutable, any thread. */
    public static final class Builder {

        private static final Duration LEASE_MOST = Duration.ofHours(1);
        private static final int OPERATIONS = 1_024;
        private static final int OPERATION_BYTES = 4 << 20;
        private static final int EVENT_BYTES = 1 << 20;
        private static final int RETAINED_BYTES = 8 << 20;

        private final Plan plan;

        private Builder(Plan plan) {
            this.plan = plan;
        }

        /** {@link #listen} at a Unix domain socket: processes of the same user only. */
        public Builder unixSocket(Path path) {
            return listen(ExecutiveAddress.unix(path));
        }

        /** Listens there, too. */
        public Builder listen(ExecutiveAddress address) {
            List<ExecutiveAddress> addresses = new ArrayList<>(plan.addresses());
            addresses.add(requireNonNull(address, "address"));
            return new Builder(new Plan(
                    plan.node(),
                    List.copyOf(addresses),
                    plan.lease(),
                    plan.clients(),
                    plan.messageBytes(),
                    plan.authorization(),
                    plan.tls(),
                    plan.tokens()));
        }

        /**
         * How long the place of a client without a connection is kept.
         *
         * @param lease 100 ms to one hour; default 10 s
         */
        public Builder lease(Duration lease) {
            if (requireNonNull(lease, "lease").compareTo(Duration.ofMillis(100)) < 0
                    || lease.compareTo(LEASE_MOST) > 0) {
                throw new ConfigurationException("lease", lease.toString(), "must be from 100 ms to one hour");
            }
            return new Builder(new Plan(
                    plan.node(),
                    plan.addresses(),
                    lease,
                    plan.clients(),
                    plan.messageBytes(),
                    plan.authorization(),
                    plan.tls(),
                    plan.tokens()));
        }

        /** The most clients at once; 1 to 65,536; default 4,096. */
        public Builder clients(int most) {
            if (most < 1 || most > 65_536) {
                throw new ConfigurationException("clients", String.valueOf(most), "must be from 1 to 65536");
            }
            return new Builder(new Plan(
                    plan.node(),
                    plan.addresses(),
                    plan.lease(),
                    most,
                    plan.messageBytes(),
                    plan.authorization(),
                    plan.tls(),
                    plan.tokens()));
        }

        /** The node's {@link Settings#MAX_MESSAGE_SIZE}, if it is not the default. */
        public Builder maxMessageSize(int bytes) {
            return new Builder(new Plan(
                    plan.node(),
                    plan.addresses(),
                    plan.lease(),
                    plan.clients(),
                    TotemConfig.builder()
                            .set(Settings.MAX_MESSAGE_SIZE, bytes)
                            .build()
                            .get(Settings.MAX_MESSAGE_SIZE),
                    plan.authorization(),
                    plan.tls(),
                    plan.tokens()));
        }

        /** Who may do what; default {@link ClientAuthorization#sameUser()}. */
        public Builder authorization(ClientAuthorization authorization) {
            return new Builder(new Plan(
                    plan.node(),
                    plan.addresses(),
                    plan.lease(),
                    plan.clients(),
                    plan.messageBytes(),
                    requireNonNull(authorization, "authorization"),
                    plan.tls(),
                    plan.tokens()));
        }

        /** For {@code tls:} addresses: the executive's certificate and key, and whose clients' certificates are trusted. */
        public Builder tls(TlsFiles files) {
            return new Builder(new Plan(
                    plan.node(),
                    plan.addresses(),
                    plan.lease(),
                    plan.clients(),
                    plan.messageBytes(),
                    plan.authorization(),
                    requireNonNull(files, "files"),
                    plan.tokens()));
        }

        /** A file of tokens, {@code NAME TOKEN} in each line, for clients without a certificate; only its owner may read it. */
        public Builder tokens(Path file) {
            return new Builder(new Plan(
                    plan.node(),
                    plan.addresses(),
                    plan.lease(),
                    plan.clients(),
                    plan.messageBytes(),
                    plan.authorization(),
                    plan.tls(),
                    Optional.of(file)));
        }

        /**
         * Listens.
         *
         * <p>Completes when it listens everywhere; fails with {@link ConfigurationException} if it cannot somewhere, and listens
         * nowhere then. The server closes with its node. Cold; cancelling does not stop what has begun.
         */
        public Mono<TotemServer> bind() {
            if (plan.addresses().isEmpty()) {
                throw new ConfigurationException("listen", "nothing", "say where: unixSocket(path)");
            }
            return Mono.defer(() -> open(plan)).subscribeOn(Schedulers.boundedElastic());
        }

        private static Consumer<Channel> security(Plan plan) {
            if (plan.addresses().stream().noneMatch(ExecutiveAddress.Tls.class::isInstance)) {
                return channel -> {};
            }
            if (plan.tls().trusted().isEmpty() && plan.tokens().isEmpty()) {
                throw new ConfigurationException(
                        "tls-ca", "none", "say whose certificates clients have, or give a file of tokens");
            }
            SslContext context = TlsContexts.server(plan.tls(), plan.tokens().isPresent());
            return channel -> channel.pipeline().addLast(context.newHandler(channel.alloc()));
        }

        private static Mono<TotemServer> open(Plan plan) {
            Counters counters = new Counters();
            ServerLimits limits = new ServerLimits(
                    plan.clients(),
                    RETAINED_BYTES,
                    new Frame.Limits(
                            (int) plan.lease().toMillis(),
                            OPERATIONS,
                            OPERATION_BYTES,
                            plan.messageBytes(),
                            EVENT_BYTES));
            ClientTokens tokens = plan.tokens().map(ClientTokens::read).orElseGet(ClientTokens::none);
            Sessions sessions = new Sessions(plan.node(), limits, plan.authorization(), counters);
            Listener.Plan listening =
                    new Listener.Plan(Sockets.shared(), sessions, new Doorkeepers(tokens), security(plan));
            List<Listener> opened = new ArrayList<>();
            return Flux.fromIterable(plan.addresses())
                    .concatMap(address -> Listener.open(address, listening))
                    .doOnNext(opened::add)
                    .then(Mono.fromSupplier(() -> new TotemServer(List.copyOf(opened), sessions, counters)))
                    .doOnNext(server -> plan.node()
                            .onClose()
                            .subscribe(nothing -> {}, failed -> server.nodeEnded(failed), () -> server.nodeEnded(null)))
                    .onErrorResume(failed -> Mono.when(
                                    opened.stream().map(Listener::close).toList())
                            .then(Mono.error(failed)));
        }
    }

    /** Clients are told by then what their subscribers have asked for. */
    private void nodeEnded(@Nullable Throwable reason) {
        sessions.nodeEnded(reason);
        Mono.delay(LINGER).then(closing).subscribe(nothing -> {}, failed -> {});
    }

    /** Where it listens, with the ports that were taken. */
    public List<ExecutiveAddress> addresses() {
        return listeners.stream().map(Listener::address).toList();
    }

    /** The {@link ServerStatistics}, as of some moment during the call. */
    public SortedMap<Statistic, Long> stats() {
        return counters.snapshot(sessions.size());
    }

    /** Accepts nobody any more and ends all clients' sessions; completes when their handles have closed. Cold; idempotent. */
    public Mono<Void> close() {
        return closing;
    }

    /** Begins to {@link #close()} and waits for nothing. */
    @Override
    public void dispose() {
        closing.subscribe(nothing -> {}, failed -> {});
    }

    @Override
    public boolean isDisposed() {
        return isClosed.get();
    }
}
