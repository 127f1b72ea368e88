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
 */
final class CatchUp {

    private final long waitingBytesMax;
    private final BiFunction<LogPoint, byte[], Applied> beginning;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long receivedBytes;
    private @Nullable Incoming incoming;

    /** @param beginning makes an empty state from the core of a snapshot */
    CatchUp(long waitingBytesMax, BiFunction<LogPoint, byte[], Applied> beginning) {
        this.waitingBytesMax = waitingBytesMax;
        this.beginning = beginning;
    }

    /** @param isRegular whether it was delivered in the regular configuration */
    record Waiting(Delivery delivery, Frame frame, boolean isRegular) {}

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
    boolean await(Delivery delivery, Frame frame, boolean isRegular) {
        waiting.add(new Waiting(delivery, frame, isRegular));
        waitingBytes += 128L + delivery.payload().length;
        if (waitingBytes > waitingBytesMax) {
            clear();
            return false;
        }
        return true;
    }

    void clear() {
        waiting.clear();
        waitingBytes = 0;
        receivedBytes = 0;
        incoming = null;
    }

    long receivedBytes() {
        return receivedBytes;
    }

    /** Whether parts of a transfer have come. */
    boolean isUnderWay() {
        return incoming != null;
    }

    /** Takes a part; the last one gives the result. */
    Optional<Result> take(NodeId donor, Frame.Part part) {
        receivedBytes += size(part.body());
        if (part.body() instanceof Frame.Head head) {
            incoming = new Incoming(
                    donor,
                    part.cut(),
                    head,
                    head.snapshot().map(state(head.from())).orElse(null));
            waiting.removeIf(one -> one.delivery().position().compareTo(part.cut()) <= 0);
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
            clear();
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
