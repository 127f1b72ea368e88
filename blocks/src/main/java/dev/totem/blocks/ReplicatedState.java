/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.internal.Host;
import dev.totem.blocks.internal.Settings;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A deterministic state machine that all nodes have, replicated by the one order. Any thread; one of a name on a node.
 *
 * <p>Commands are decided where a quorum of replicas has the state. A node that starts, or that was in a part without quorum, gets
 * the commands it missed or the state as a whole, cut at a position, while commands go on. The state is in memory: it lives as long
 * as a majority of the replicas that have it.
 *
 * @param <S> the machine
 * @param <C> its commands
 * @param <R> its results
 */
public final class ReplicatedState<S extends StateMachine<C, R>, C, R> {

    private final Host<S, C, R> host;

    private ReplicatedState(Host<S, C, R> host) {
        this.host = host;
    }

    /**
     * A state to be opened.
     *
     * @param name of the state, the same at all nodes; 1 to 96 bytes
     * @param quorum which replicas may decide, the same at all nodes
     * @param machines makes machines that have applied nothing: one at the start, and one for each state that comes as a whole
     */
    public static <S extends StateMachine<C, R>, C, R> Builder<S, C, R> of(
            String name, Quorum quorum, Supplier<S> machines, Codec<C> codec) {
        return new Builder<>(
                requireNonNull(name, "name"),
                requireNonNull(quorum, "quorum"),
                requireNonNull(machines, "machines"),
                requireNonNull(codec, "codec"));
    }

    /** This replica. */
    public Member member() {
        return host.member();
    }

    /**
     * Submits a command.
     *
     * <p>Completes with the result that the command has at its position, when it is decided and applied here. While a primary is
     * being formed it waits. Fails with {@link dev.totem.core.SendFailedException}: {@code REFUSED}, nobody applies it;
     * {@code UNKNOWN}, somebody may. Cold: each subscription submits once. Cancelling before it was ordered takes it back;
     * afterwards it is decided all the same.
     */
    public Mono<R> submit(C command) {
        requireNonNull(command, "command");
        return host.submit(command);
    }

    /**
     * Looks at the state of this node, as of now; it may be behind.
     *
     * <p>The function runs on the replica's thread and must be quick, change nothing and keep nothing that changes. Empty if this
     * node has no state yet.
     */
    public <T> Mono<T> read(Function<? super S, ? extends T> reading) {
        return host.read(requireNonNull(reading, "reading"));
    }

    /**
     * Linearizable {@link #read}: sees everything whose submit completed, anywhere, before this was subscribed. It takes a safe
     * message; reads that wait at the same time share one. Fails with {@link dev.totem.core.SendFailedException}
     * ({@code REFUSED}) in a part without quorum.
     */
    public <T> Mono<T> readLatest(Function<? super S, ? extends T> reading) {
        requireNonNull(reading, "reading");
        return host.latest().then(host.read(reading));
    }

    /**
     * What this replica can do: now, and whenever that changes. A subscriber that does not keep up misses what was between.
     * Completes when the replica is closed or its node leaves; fails with {@link ReplicaStoppedException}.
     */
    public Flux<StateStatus> status() {
        return host.status();
    }

    /** Completes when this node has the state and decides with the others. Fails as {@link #status()}. */
    public Mono<Void> inState() {
        return host.status()
                .filter(now -> now.phase() == StateStatus.Phase.IN_STATE)
                .next()
                .then();
    }

    /** The replica under this state, for the blocks. */
    Host<S, C, R> host() {
        return host;
    }

    /** Tells the others, ends what is open, and ends. Completes when that is done. Cold; cancelling stops the telling. */
    public Mono<Void> close() {
        return host.close();
    }

    /** Settings, the same at all nodes. Immutable, any thread. */
    public static final class Builder<S extends StateMachine<C, R>, C, R> {

        private final Supplier<S> machines;
        private final Codec<C> codec;
        private final Settings settings;
        private final RandomGenerator random;

        private Builder(String name, Quorum quorum, Supplier<S> machines, Codec<C> codec) {
            this(
                    machines,
                    codec,
                    new Settings(
                            name,
                            quorum,
                            Math.max(1, quorum.nodes()),
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(1),
                            false,
                            4 << 20,
                            64 << 20,
                            Clock.systemUTC()),
                    new java.security.SecureRandom());
            if (quorum.isNone()) {
                throw new ConfigurationException(
                        "quorum",
                        quorum.toString(),
                        "a state needs a majority or weights: without, each part decides alone");
            }
            if (name.isEmpty() || name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 96) {
                throw new ConfigurationException("name", name, "a state's name has 1 to 96 bytes of UTF-8");
            }
        }

        private Builder(Supplier<S> machines, Codec<C> codec, Settings settings, RandomGenerator random) {
            this.machines = machines;
            this.codec = codec;
            this.settings = settings;
            this.random = random;
        }

        private Builder<S, C, R> with(Settings changed) {
            return new Builder<>(machines, codec, changed, random);
        }

        /**
         * How many replicas must be there before an empty state begins, or one that only a minority knows goes on; all of them by
         * default. With fewer, a crash of a majority can begin an empty state beside an old one.
         */
        public Builder<S, C, R> bootstrapExpect(int replicas) {
            if (replicas < 1 || replicas > settings.quorum().nodes()) {
                throw new ConfigurationException(
                        "expect",
                        String.valueOf(replicas),
                        "from 1 to the " + settings.quorum().nodes() + " nodes of the quorum");
            }
            return with(new Settings(
                    settings.name(),
                    settings.quorum(),
                    replicas,
                    settings.lease(),
                    settings.tick(),
                    settings.hasTicks(),
                    settings.keptBytes(),
                    settings.waitingBytes(),
                    settings.clock()));
        }

        /** For how long a member that went away keeps what it holds, 10 ms or more; 2 s by default. Clocks may differ by a tenth. */
        public Builder<S, C, R> lease(Duration lease) {
            if (requireNonNull(lease, "lease").toMillis() < 10) {
                throw new ConfigurationException("lease", lease.toString(), "10 ms or more");
            }
            return with(new Settings(
                    settings.name(),
                    settings.quorum(),
                    settings.expect(),
                    lease,
                    settings.tick(),
                    settings.hasTicks(),
                    settings.keptBytes(),
                    settings.waitingBytes(),
                    settings.clock()));
        }

        /** Lets the ordered time go on by itself, every so often, 10 ms or more; it is also the most by which one message moves it. */
        public Builder<S, C, R> tick(Duration tick) {
            if (requireNonNull(tick, "tick").toMillis() < 10) {
                throw new ConfigurationException("tick", tick.toString(), "10 ms or more");
            }
            return with(new Settings(
                    settings.name(),
                    settings.quorum(),
                    settings.expect(),
                    settings.lease(),
                    tick,
                    true,
                    settings.keptBytes(),
                    settings.waitingBytes(),
                    settings.clock()));
        }

        /**
         * Memory.
         *
         * @param keptBytes of applied commands, kept for members that missed them; 4 MiB by default
         * @param waitingBytes of what is delivered while a state comes; 64 MiB by default
         */
        public Builder<S, C, R> memory(long keptBytes, long waitingBytes) {
            if (keptBytes < 0 || waitingBytes < 1) {
                throw new ConfigurationException(
                        "memory", keptBytes + ", " + waitingBytes, "bytes, 0 or more and 1 or more");
            }
            return with(new Settings(
                    settings.name(),
                    settings.quorum(),
                    settings.expect(),
                    settings.lease(),
                    settings.tick(),
                    settings.hasTicks(),
                    keptBytes,
                    waitingBytes,
                    settings.clock()));
        }

        /** Another clock and chance than the system's, for tests that repeat. */
        public Builder<S, C, R> repeatable(Clock clock, RandomGenerator random) {
            return new Builder<>(
                    machines,
                    codec,
                    new Settings(
                            settings.name(),
                            settings.quorum(),
                            settings.expect(),
                            settings.lease(),
                            settings.tick(),
                            settings.hasTicks(),
                            settings.keptBytes(),
                            settings.waitingBytes(),
                            requireNonNull(clock, "clock")),
                    requireNonNull(random, "random"));
        }

        /**
         * Opens the state on a node. Completes when the replica follows the order, which may be long before it has the state, see
         * {@link ReplicatedState#inState()}. Cold; cancelling leaves a handle open.
         */
        public Mono<ReplicatedState<S, C, R>> open(TotemNode node) {
            requireNonNull(node, "node");
            return Mono.defer(() -> Host.open(node, settings, random.nextLong(), machines, codec))
                    .map(ReplicatedState::new);
        }
    }
}
