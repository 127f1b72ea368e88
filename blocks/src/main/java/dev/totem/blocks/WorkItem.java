/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.core.Position;
import reactor.core.publisher.Mono;

/**
 * An item of a {@link WorkQueue} that this node has. Any thread.
 *
 * @param <T> what it is
 */
public final class WorkItem<T> {

    private final WorkQueue<T> queues;
    private final QueueMachine.Handed handed;
    private final T value;

    WorkItem(WorkQueue<T> queues, QueueMachine.Handed handed, T value) {
        this.queues = queues;
        this.handed = handed;
        this.value = value;
    }

    public String queue() {
        return handed.queue();
    }

    public T value() {
        return value;
    }

    /** Where it was put; the same however often it is handed to somebody. */
    public Position position() {
        return handed.item().id();
    }

    /** The position as text of fixed width, see {@link FencingToken}. */
    public String id() {
        return FencingToken.of(position());
    }

    /** How often it was handed to somebody, with this time, from 1: more than once if somebody went without a word. */
    public int attempt() {
        return handed.item().attempt();
    }

    /** Whether it is this node's at this moment, by this machine's clock: nobody else has it while it is. */
    public boolean isOwned() {
        return queues.isOwned(handed);
    }

    /**
     * It is done, and gone from the queue. Fails as {@link ReplicatedState#submit}; {@code REFUSED} also if the item is not this
     * node's any more, as it was gone for longer than the lease, and somebody else has it.
     */
    public Mono<Void> ack() {
        return queues.done(handed, false);
    }

    /** It is not done: somebody else is to have it, before what was put later. Fails as {@link #ack}. */
    public Mono<Void> giveBack() {
        return queues.done(handed, true);
    }
}
