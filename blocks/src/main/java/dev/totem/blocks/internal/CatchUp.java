/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.Delivery;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A member that is behind gets what it lacks, while what is delivered meanwhile waits. What it knew before stays until all is
 * there. One thread.
 *
 * <p>A transfer and what waits make a log only if nothing is missing between them. So when what waited was forgotten, only a
 * transfer that was cut at or behind it counts, and not one that is still on its way.
 */
final class CatchUp {

    private final long waitingBytesMax;
    private final BiFunction<LogPoint, byte[], Applied> beginning;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long receivedBytes;
    private @Nullable Incoming incoming;
    private @Nullable Position forgottenTo;

    /** @param beginning makes an empty state from the core of a snapshot */
    CatchUp(long waitingBytesMax, BiFunction<LogPoint, byte[], Applied> beginning) {
        this.waitingBytesMax = waitingBytesMax;
        this.beginning = beginning;
    }

    /** What was delivered meanwhile. */
    record Waiting(Delivery delivery, Frame frame) {

        private Position position() {
            return delivery.position();
        }

        private long sizeBytes() {
            return 128L + delivery.payloadBytes();
        }
    }

    private static final class Incoming {

        private final NodeId donor;
        private final Position cut;
        private final Frame.Head head;
        private final @Nullable Applied state;
        private final List<Entry> entries = new ArrayList<>();
        private int next = 1;

        Incoming(NodeId donor, Position cut, Frame.Head head, @Nullable Applied state) {
            this.donor = donor;
            this.cut = cut;
            this.head = head;
            this.state = state;
        }
    }

    /**
     * What a transfer has brought.
     *
     * @param inState who has the state at the cut
     * @param state the state, if it came as a whole
     * @param entries what follows it, or what the member knows
     * @param waiting what was delivered behind the cut
     */
    record Result(
            List<Member> inState,
            Optional<Applied> state,
            LogPoint from,
            List<Entry> entries,
            LogPoint total,
            List<Waiting> waiting) {}

    /** Keeps a delivery for later; false if there is no room, and then nothing is kept any more. */
    boolean await(Waiting one) {
        waiting.add(one);
        waitingBytes += one.sizeBytes();
        if (waitingBytes > waitingBytesMax) {
            forgetTo(one.position());
            incoming = null;
            receivedBytes = 0;
            return false;
        }
        return true;
    }

    private void forgetTo(Position end) {
        while (!waiting.isEmpty() && waiting.element().position().compareTo(end) <= 0) {
            waitingBytes -= waiting.remove().sizeBytes();
        }
        forgottenTo = end;
    }

    /** Another configuration begins. */
    void clear() {
        waiting.clear();
        waitingBytes = 0;
        receivedBytes = 0;
        incoming = null;
        forgottenTo = null;
    }

    long receivedBytes() {
        return receivedBytes;
    }

    /** Takes a part; the last one gives the result. */
    Optional<Result> take(NodeId donor, Frame.Part part) {
        receivedBytes += size(part.body());
        if (part.body() instanceof Frame.Head head) {
            if (forgottenTo != null && part.cut().compareTo(forgottenTo) < 0) {
                return Optional.empty();
            }
            incoming = new Incoming(
                    donor,
                    part.cut(),
                    head,
                    head.snapshot().map(state(head.from())).orElse(null));
            forgetTo(part.cut());
            return Optional.empty();
        }
        Incoming current = incoming;
        if (current == null
                || !current.donor.equals(donor)
                || !current.cut.equals(part.cut())
                || current.next != part.number()) {
            return Optional.empty();
        }
        current.next++;
        if (part.body() instanceof Frame.Chunk chunk && current.state != null) {
            current.state.machine().restore(chunk.bytes());
        } else if (part.body() instanceof Frame.Piece piece && current.state != null) {
            current.state.merges().restore(piece.merge());
        } else if (part.body() instanceof Frame.Entries entries) {
            current.entries.addAll(entries.entries());
        } else if (part.body() instanceof Frame.End end) {
            Result result = new Result(
                    current.head.inState(),
                    Optional.ofNullable(current.state),
                    current.head.from(),
                    current.entries,
                    end.total(),
                    List.copyOf(waiting));
            incoming = null;
            receivedBytes = 0;
            if (!waiting.isEmpty()) {
                forgetTo(waiting.getLast().position());
            }
            return Optional.of(result);
        }
        return Optional.empty();
    }

    private Function<byte[], Applied> state(LogPoint from) {
        return core -> beginning.apply(from, core);
    }

    private static long size(Frame.Body body) {
        if (body instanceof Frame.Chunk chunk) {
            return chunk.bytes().length;
        }
        return body instanceof Frame.Entries entries
                ? entries.entries().stream().mapToLong(Entry::sizeBytes).sum()
                : 0;
    }
}
