/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Quorum;
import java.util.OptionalLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counters by name, which all nodes have; each begins at 0. Any thread. */
public final class Counters implements Block {

    private final ReplicatedState<CounterMachine, CounterCommand, OptionalLong> state;

    private Counters(ReplicatedState<CounterMachine, CounterCommand, OptionalLong> state) {
        this.state = state;
    }

    /**
     * Counters to be opened.
     *
     * @param name of the block, the same at all nodes; 1 to 96 bytes
     * @param quorum which replicas may decide, the same at all nodes
     */
    public static BlockBuilder<Counters> of(String name, Quorum quorum) {
        return BlockBuilder.of(
                "count",
                requireNonNull(name, "name"),
                requireNonNull(quorum, "quorum"),
                (node, settings, instance) -> ReplicatedState.open(
                                node, settings, instance, CounterMachine::new, CounterCommand.CODEC)
                        .map(Counters::new));
    }

    /** One of them. It costs nothing before it is used. */
    public Counter counter(String name) {
        return new Counter(this, requireNonNull(name, "name"));
    }

    /**
     * Numbers from a counter that nobody else gets, taken in blocks: one command for so many numbers.
     *
     * @param size how many a block has, 1 or more; what is left of it when the node ends is lost
     */
    public IdBlock ids(String name, int size) {
        return new IdBlock(counter(name), state.host(), size);
    }

    Mono<Long> addAndGet(String name, long by) {
        return state.submit(new CounterCommand(name, by))
                .map(value -> value.orElseThrow(() -> new ArithmeticException(
                        "counter " + name + " with " + by + " more is no number of 64 bits; it was left as it was")));
    }

    Mono<Long> get(String name) {
        return state.read(machine -> machine.value(name));
    }

    Mono<Long> getLatest(String name) {
        return state.readLatest(machine -> machine.value(name));
    }

    @Override
    public Member member() {
        return state.member();
    }

    @Override
    public Flux<StateStatus> status() {
        return state.status();
    }

    @Override
    public Mono<Void> inState() {
        return state.inState();
    }

    @Override
    public Mono<Void> close() {
        return state.close();
    }
}
