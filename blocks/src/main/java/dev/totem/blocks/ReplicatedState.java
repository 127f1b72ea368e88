/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.internal.Host;
import dev.totem.blocks.internal.Settings;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
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
        requireNonNull(machines, "machines");
        requireNonNull(codec, "codec");
        return BlockBuilder.of(
                "state",
                requireNonNull(name, "name"),
                requireNonNull(quorum, "quorum"),
                (node, settings, instance) -> open(node, settings, instance, machines, codec));
    }

    static <S extends StateMachine<C, R>, C, R> Mono<ReplicatedState<S, C, R>> open(
            TotemNode node, Settings settings, long instance, Supplier<S> machines, Codec<C> codec) {
        return Host.open(node, settings, instance, machines, codec).map(ReplicatedState::new);
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
