/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.internal.Host;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Latches and barriers by name, at which nodes wait for each other. Any thread. */
public final class Gates implements Block {

    private static final Duration AGAIN = Duration.ofMillis(100);

    private final ReplicatedState<GateMachine, GateCommand, Position> state;
    private final Host<GateMachine, GateCommand, Position> host;

    // the replica's thread
    private final List<Waiting> waiting = new ArrayList<>();
    private @Nullable GateMachine current;
    private long lastNumber;

    private Gates(ReplicatedState<GateMachine, GateCommand, Position> state) {
        this.state = state;
        this.host = state.host();
        host.observe(new Host.Observer<>() {
            @Override
            public void applied(GateMachine machine) {
                current = machine;
                List.copyOf(waiting).forEach(one -> one.look(machine));
            }

            @Override
            public void status(StateStatus now) {
                if (now.phase() == StateStatus.Phase.STOPPED) {
                    List.copyOf(waiting).forEach(one -> one.fail(SendFailedException.unknown("the replica has ended")));
                }
            }
        });
    }

    /**
     * Gates to be opened.
     *
     * @param name of the block, the same at all nodes; 1 to 96 bytes
     * @param quorum which replicas may decide, the same at all nodes
     */
    public static BlockBuilder<Gates> of(String name, Quorum quorum) {
        return BlockBuilder.of(
                "gate",
                requireNonNull(name, "name"),
                requireNonNull(quorum, "quorum"),
                (node, settings, instance) -> ReplicatedState.open(
                                node, settings, instance, GateMachine::new, GateCommand.CODEC)
                        .map(Gates::new));
    }

    /**
     * A latch: it opens, for good, when it was counted down so often. Everybody says the same count; the first one counts.
     *
     * @param name of a latch that was never used before
     */
    public Latch latch(String name, long count) {
        if (count < 0) {
            throw new ConfigurationException("count", String.valueOf(count), "0 or more");
        }
        return new Latch(this, requireNonNull(name, "name"), count);
    }

    /**
     * A barrier: it lets as many pass as it has parties, when so many wait, and then begins again. Everybody says the same number.
     * Who is gone while waiting counts no more.
     */
    public Barrier barrier(String name, int parties) {
        if (parties < 1) {
            throw new ConfigurationException("parties", String.valueOf(parties), "1 or more");
        }
        return new Barrier(this, requireNonNull(name, "name"), parties);
    }

    Mono<Position> submit(GateCommand command) {
        return state.submit(command);
    }

    Mono<Long> count(String latch, long initially) {
        return state.read(machine -> machine.count(latch).orElse(initially));
    }

    Mono<Void> awaitLatch(String latch, long count) {
        return state.submit(new GateCommand.Open(latch, count))
                .then(Mono.create(sink -> wait(new Waiting(sink) {
                    @Override
                    boolean isOpen(GateMachine machine) {
                        return machine.count(latch).orElse(1) == 0;
                    }
                })));
    }

    Mono<Void> awaitBarrier(String barrier, int parties) {
        return Mono.defer(() -> host.call(() -> ++lastNumber)
                .flatMap(number -> Mono.<Void>create(sink -> wait(arrived(barrier, number, sink)))
                        .mergeWith(state.submit(new GateCommand.Arrive(barrier, number, parties))
                                .then())
                        .then()
                        .doFinally(signal -> depart(new GateCommand.Depart(barrier, number)))));
    }

    private Waiting arrived(String barrier, long number, MonoSink<Void> sink) {
        GateMachine.Arrival own = new GateMachine.Arrival(host.member(), number);
        return new Waiting(sink) {

            private boolean isThere;

            @Override
            boolean isOpen(GateMachine machine) {
                if (machine.hasPassed(own)) {
                    return true;
                }
                boolean isWaiting = machine.isWaiting(barrier, own);
                if (isThere && !isWaiting) {
                    fail(SendFailedException.unknown(
                            "this member was taken for gone while it waited at barrier " + barrier + ": wait again"));
                }
                isThere = isWaiting;
                return false;
            }
        };
    }

    private void wait(Waiting one) {
        host.run(() -> {
            waiting.add(one);
            one.sink.onDispose(() -> host.run(() -> waiting.remove(one)));
            GateMachine machine = current;
            if (host.isOver()) {
                one.fail(SendFailedException.refused("the replica has ended"));
            } else if (machine != null) {
                one.look(machine);
            }
        });
    }

    private void depart(GateCommand.Depart command) {
        if (!host.isOver()) {
            host.submit(command).subscribe(done -> {}, failed -> host.later(AGAIN.toNanos(), () -> depart(command)));
        }
    }

    /** Somebody who waits at a gate. The replica's thread. */
    private abstract static class Waiting {

        private final MonoSink<Void> sink;

        Waiting(MonoSink<Void> sink) {
            this.sink = sink;
        }

        abstract boolean isOpen(GateMachine machine);

        void look(GateMachine machine) {
            if (isOpen(machine)) {
                sink.success();
            }
        }

        void fail(Throwable reason) {
            sink.error(reason);
        }
    }

    // the block

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
