/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.internal.Host;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * Queues by name, each item of which one worker among all nodes has at a time. Any thread.
 *
 * <p>Items are handed out in the order in which they were put, to workers in turn that have demand. An item that is not
 * acknowledged goes to the next worker when its own closes, or is gone for longer than the {@linkplain BlockBuilder#lease lease}:
 * it may have been done already, so this is at least once. {@link WorkItem#isOwned} and its position are for those who need more.
 *
 * @param <T> what is in the queues
 */
public final class WorkQueue<T> implements Block {

    private final ReplicatedState<QueueMachine, QueueCommand, QueueMachine.Result> state;
    private final Host<QueueMachine, QueueCommand, QueueMachine.Result> host;
    private final Codec<T> items;
    private final Workers<T> workers;

    private WorkQueue(ReplicatedState<QueueMachine, QueueCommand, QueueMachine.Result> state, Codec<T> items) {
        this.state = state;
        this.host = state.host();
        this.items = items;
        this.workers = new Workers<>(
                host,
                handed ->
                        new WorkItem<>(this, handed, items.decode(handed.item().value())));
    }

    /**
     * Queues to be opened.
     *
     * @param name of the block, the same at all nodes; 1 to 96 bytes
     * @param quorum which replicas may decide, the same at all nodes
     */
    public static <T> BlockBuilder<WorkQueue<T>> of(String name, Quorum quorum, Codec<T> items) {
        requireNonNull(items, "items");
        return BlockBuilder.of(
                "work",
                requireNonNull(name, "name"),
                requireNonNull(quorum, "quorum"),
                (node, settings, instance) -> ReplicatedState.open(
                                node, settings, instance, QueueMachine::new, QueueCommand.CODEC)
                        .map(state -> new WorkQueue<>(state, items)));
    }

    /** Puts an item; completes with its position when it cannot be lost while a majority lives. */
    public Mono<Position> enqueue(String queue, T value) {
        named(queue);
        byte[] bytes = items.encode(requireNonNull(value, "value"));
        return state.submit(new QueueCommand.Put(queue, bytes)).map(QueueMachine.Result::position);
    }

    /**
     * A worker: the items it is handed.
     *
     * <p>Order: that in which they were put. Backpressure: it is handed as many as it has asked for, and others are handed the
     * rest; each request is a command. Completes when the block is closed or its node leaves; fails with {@link
     * ReplicaStoppedException}, and with what the codec throws, which gives the item back. Cancelling gives back what was handed
     * and not emitted; what was emitted stays with this node. Each subscriber is a worker of its own.
     */
    public Flux<WorkItem<T>> work(String queue) {
        named(queue);
        return Flux.<WorkItem<T>>create(sink -> workers.start(queue, sink), FluxSink.OverflowStrategy.BUFFER)
                .doOnDiscard(WorkItem.class, WorkQueue::giveBackSoon);
    }

    private static void giveBackSoon(WorkItem<?> item) {
        item.giveBack().subscribe(nothing -> {}, failed -> {});
    }

    /** How many items a queue has at this node now, with those that workers have; empty if it has no state. */
    public Mono<Integer> size(String queue) {
        named(queue);
        return state.read(machine -> machine.size(queue));
    }

    private static void named(String queue) {
        if (requireNonNull(queue, "queue").isEmpty()) {
            throw new ConfigurationException("queue", queue, "a queue has a name");
        }
    }

    Mono<Void> done(QueueMachine.Handed handed, boolean isAgain) {
        return Mono.defer(() -> state.submit(new QueueCommand.Done(
                        handed.queue(), handed.item().id(), handed.item().attempt(), isAgain)))
                .flatMap(result -> {
                    workers.forget(handed);
                    return result.isTaken()
                            ? Mono.empty()
                            : Mono.error(SendFailedException.refused(
                                    "item " + FencingToken.of(handed.item().id())
                                            + " of queue " + handed.queue()
                                            + " is not this worker's any more: somebody else has it, or it is done"));
                });
    }

    boolean isOwned(QueueMachine.Handed handed) {
        return workers.has(handed) && host.isLeased();
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
