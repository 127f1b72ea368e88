/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsHandle;
import dev.totem.core.NodeClosedException;
import dev.totem.core.TotemNode;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;

/**
 * How a node is, over HTTP: for people a live page, for programs {@code /status}, {@code /black-box} and {@code /events}. Any thread.
 *
 * <p>Nothing can be changed by it, and no message is shown. It has one thread and one handle on the node, which joins no group and holds
 * the ring back for nobody. It ends with its node; who reads the stream is told of the end first.
 */
public final class TotemConsole implements Disposable {

    /** For readers of the stream to take the last event. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ConsolePlan plan;
    private final DisposableServer listening;
    private final ConsoleServer server;
    private final Routes routes;
    private final AtomicBoolean isShowing = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final Disposable.Swap handle = Disposables.swap();
    private final Mono<Void> closing;

    private TotemConsole(ConsolePlan plan, DisposableServer listening, ConsoleServer server, Routes routes) {
        this.plan = plan;
        this.listening = listening;
        this.server = server;
        this.routes = routes;
        this.closing = Mono.defer(() -> {
                    isClosed.set(true);
                    listening.dispose();
                    handle.dispose();
                    return listening.onDispose().onErrorComplete().then(server.close());
                })
                .cache();
    }

    /** A console of this node, which listens nowhere yet. */
    public static Builder on(TotemNode node) {
        return new Builder(ConsolePlan.of(Optional.of(requireNonNull(node, "node"))));
    }

    /**
     * A console of a node that does not run yet, so that an address where it cannot listen is refused before the node starts. Until
     * {@link #show} whoever asks is answered with status 503.
     */
    public static Builder ahead() {
        return new Builder(ConsolePlan.of(Optional.empty()));
    }

    /**
     * Shows this node from now on, and ends with it; does not block, so that it may be called where a node is bound and has not sent
     * anything, as in {@code UdpTotem.onBound}. A console that is closed shows nothing.
     *
     * @throws IllegalStateException if it shows a node already
     * @throws NodeClosedException if the node has ended
     */
    public void show(TotemNode node) {
        requireNonNull(node, "node");
        if (!isShowing.compareAndSet(false, true)) {
            throw new IllegalStateException("this console shows a node already: start another one for node " + node.id());
        }
        EvsHandle opened;
        try {
            opened = node.openHandle();
        } catch (NodeClosedException ended) {
            isShowing.set(false);
            throw ended;
        }
        SeenChanges changes = new SeenChanges(System::currentTimeMillis);
        changes.follow(opened);
        handle.update(opened);
        StatusDocument status = new StatusDocument(node, changes, System::currentTimeMillis, plan.blocks());
        StatusEvents events = new StatusEvents(node, status, plan.pace().period(), server.scheduler());
        routes.show(new Routes.Shown(node, status, events));
        endWith(node);
    }

    /** Where it listens, with the port that was taken. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.address();
    }

    /** Where its page is, for a browser of this host: {@code http://127.0.0.1:8017/}. */
    public String url() {
        InetSocketAddress at = address();
        String host = NetUtil.toAddressString(at.getAddress());
        return "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + at.getPort() + "/";
    }

    /** Ends all connections and listens no more; completes then. Cold; idempotent; cancelling does not stop it. The node goes on. */
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

    /** Where a console listens, and to whom. Immutable, any thread. */
    public static final class Builder {

        private final ConsolePlan plan;

        private Builder(ConsolePlan plan) {
            this.plan = plan;
        }

        /**
         * Where it listens; default 127.0.0.1 and a port that is free.
         *
         * @param host an address of this host, or a name of one
         * @param port 0 to 65,535; 0 takes one that is free, see {@link #address()}
         */
        public Builder bind(String host, int port) {
            if (requireNonNull(host, "host").isEmpty()) {
                throw new ConfigurationException("http", ":" + port, "name an address of this host");
            }
            if (port < 0 || port > 65_535) {
                throw new ConfigurationException("http", host + ":" + port, "a port is a number from 0 to 65535");
            }
            return new Builder(plan.withAt(new ConsolePlan.HostPort(host, port)));
        }

        /**
         * Lets it listen where other hosts reach it. There is no password and nothing is encrypted: for networks in which everybody may
         * read what it shows, or behind a proxy that asks who somebody is.
         */
        public Builder allowRemote() {
            return new Builder(plan.withRemote());
        }

        /**
         * A name by which it may be asked, beside that of {@link #bind}, {@code localhost} and addresses. Others are refused, because
         * pages of strangers could give this console such a name and read it with the browsers of their visitors. Calls add up.
         */
        public Builder allowHost(String name) {
            if (requireNonNull(name, "name").isEmpty() || name.indexOf(':') >= 0 || name.indexOf('/') >= 0) {
                throw new ConfigurationException("http-host", name, "the name of a host, without a port");
            }
            return new Builder(plan.withHost(name));
        }

        /** The most that read the stream at once, pages included; 1 to 256, default 16. */
        public Builder readers(int most) {
            if (most < 1 || most > ConsolePlan.READERS_MAX) {
                throw new ConfigurationException(
                        "readers", String.valueOf(most), "must be from 1 to " + ConsolePlan.READERS_MAX);
            }
            return new Builder(plan.withReaders(most));
        }

        /**
         * Shows beside the groups what stands on the node, and how that is: {@code block("orders", () -> orders.status().toString())}. One
         * with the same name takes the place of the one before.
         *
         * @param name what it is called, for people
         * @param state a line about it, of which 1,000 characters are shown; asked once a second on the console's thread while somebody
         *     looks, so it must not block. What it throws is shown instead
         * @throws ConfigurationException if the name is empty, or there are 64 already
         */
        public Builder block(String name, Supplier<String> state) {
            if (requireNonNull(name, "name").isEmpty()) {
                throw new ConfigurationException("block", name, "give it a name");
            }
            return new Builder(plan.withBlock(name, requireNonNull(state, "state")));
        }

        /** For tests. */
        Builder pace(ConsolePlan.Pace pace) {
            return new Builder(plan.withPace(pace));
        }

        /**
         * Listens.
         *
         * <p>Completes with the console when it listens. Fails with {@link ConfigurationException} if it cannot, as when another process
         * has the port, or if others would reach it and that was not allowed; with {@link NodeClosedException} if the node has
         * ended. Cold; cancelling does not stop what has begun.
         */
        public Mono<TotemConsole> start() {
            return Mono.fromCallable(plan::address)
                    .subscribeOn(Schedulers.boundedElastic())
                    .flatMap(address -> open(plan, address));
        }

        private static Mono<TotemConsole> open(ConsolePlan plan, InetSocketAddress address) {
            ConsoleServer server = new ConsoleServer(plan);
            Routes routes = new Routes(plan.names(), new ReaderPlaces(plan.readers()));
            return server.bind(address, routes)
                    .map(listening -> new TotemConsole(plan, listening, server, routes))
                    .doOnNext(console -> plan.node().ifPresent(console::show))
                    .onErrorResume(failed -> server.close().then(Mono.error(failed)));
        }
    }

    private void endWith(TotemNode node) {
        node.onClose().onErrorComplete().then(Mono.delay(LINGER)).then(closing).subscribe(nothing -> {}, failed -> {});
    }
}
