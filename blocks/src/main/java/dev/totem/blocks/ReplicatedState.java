/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.internal.Host;
import dev.totem.blocks.internal.Settings;
import dev.totem.core.ConfigurationException;
import dev.totem.core.HandleSource;
import dev.totem.core.Quorum;
import java.util.function.Function;
import java.util.function.Supplier;
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
public final class ReplicatedState<S extends StateMachine<C, R>, C, R> implements Block {

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
    public static <S extends StateMachine<C, R>, C, R> BlockBuilder<ReplicatedState<S, C, R>> of(
            String name, Quorum quorum, Supplier<S> machines, Codec<C> codec) {
        return of(name, quorum, machines, codec, MergePolicy.primaryWins());
    }

    /**
     * The same, and what becomes of the states of parts that were apart.
     *
     * @param policy the same at all nodes. {@link MergePolicy#merge} is refused with another quorum than {@link Quorum#none()}: with
     *     one only the primary part decides anything, and there is nothing in the others that could be merged
     */
    public static <S extends StateMachine<C, R>, C, R> BlockBuilder<ReplicatedState<S, C, R>> of(
            String name, Quorum quorum, Supplier<S> machines, Codec<C> codec, MergePolicy<S> policy) {
        requireNonNull(machines, "machines");
        requireNonNull(codec, "codec");
        boolean isMerging = requireNonNull(policy, "policy").merging().isPresent();
        if (isMerging && !requireNonNull(quorum, "quorum").isNone()) {
            throw new ConfigurationException(
                    "policy",
                    "merge with quorum " + quorum,
                    "states are merged with quorum none only: with a quorum only one part decides, and the others have"
                            + " nothing to be merged; leave the policy away, or use Quorum.none()");
        }
        return BlockBuilder.of(
                "state",
                requireNonNull(name, "name"),
                requireNonNull(quorum, "quorum"),
                (node, settings, instance) -> Host.open(
                                node, isMerging ? settings.merging() : settings, instance, machines, codec, policy)
                        .map(ReplicatedState::new));
    }

    static <S extends StateMachine<C, R>, C, R> Mono<ReplicatedState<S, C, R>> open(
            HandleSource node, Settings settings, long instance, Supplier<S> machines, Codec<C> codec) {
        return Host.open(node, settings, instance, machines, codec, MergePolicy.primaryWins())
                .map(ReplicatedState::new);
    }

    @Override
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
     * What was merged here by a {@link MergePolicy#merge}: the last 16, and then each as it happens, in order. Nothing is said of what came with
     * a state as a whole. Hot; buffered for each subscriber without bound. Completes and fails as {@link #status()}.
     */
    public Flux<MergeReport> merges() {
        return host.merges();
    }

    @Override
    public Flux<StateStatus> status() {
        return host.status();
    }

    @Override
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

    @Override
    public Mono<Void> close() {
        return host.close();
    }
}
