/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.List;
import java.util.Optional;

/** What replicas say to each other. Immutable. */
sealed interface Frame {

    /** A frame that becomes an entry of the log. */
    sealed interface Logged extends Frame {}

    /** An entry that counts in the configuration only in which it is said. */
    sealed interface Passing extends Logged {
        RingId ring();
    }

    /**
     * What a member knows, said in a configuration that may decide.
     *
     * @param ring that configuration
     * @param epoch the configuration whose decisions it has followed; empty if it has none, and then it has forgotten
     *     or never had what it says of the log
     * @param isLate it began to listen in this configuration, and may have missed what others said in it
     * @param isAgain it could not follow the transfer and wants another
     * @param apart states of other parts that it keeps until they are merged
     */
    record Exchange(
            RingId ring,
            Member member,
            Optional<RingId> epoch,
            LogPoint applied,
            LogPoint total,
            boolean isLate,
            boolean isAgain,
            List<LogPoint> apart)
            implements Frame {}

    /**
     * From where on a configuration decides; the first of a configuration counts.
     *
     * @param ring the configuration
     * @param isCreated nobody has a state: an empty one begins
     * @param total the end of the log that everybody goes on with
     * @param inState who has exactly this log
     * @param nodes all members of the configuration
     * @param apart what is to be merged
     */
    record Adopt(
            RingId ring,
            boolean isCreated,
            LogPoint total,
            List<Member> inState,
            List<NodeId> nodes,
            List<Parted> apart)
            implements Logged {}

    /**
     * The state of another part.
     *
     * @param of up to where
     * @param by who hands it over
     */
    record Parted(LogPoint of, Member by) {}

    /**
     * A piece of the state of another part.
     *
     * @param ring the configuration in which it is handed over
     * @param number from 0
     * @param timeMillis the ordered time there
     * @param commands how many commands it has in it
     * @param hash of them
     */
    record Merge(
            RingId ring,
            LogPoint of,
            int number,
            boolean isLast,
            long timeMillis,
            long commands,
            long hash,
            byte[] chunk)
            implements Logged {}

    /** A member has got what it had missed. */
    record InState(RingId ring, Member member) implements Passing {}

    /** A member is gone without a word: its handle is in the group no more. */
    record Gone(RingId ring, Member member) implements Passing {}

    /** A member closes. */
    record Leave(Member member) implements Logged {}

    /** A member has been away for the whole lease. */
    record Fence(Member member, long departedIndex) implements Logged {}

    /** Somebody's clock. */
    record Tick(long timeMillis) implements Logged {}

    /** A command. */
    record Command(long instance, long tag, long timeMillis, byte[] bytes) implements Logged {}

    /** Comes back when everybody has it. */
    record Mark(long instance, long tag) implements Frame {}

    /**
     * What a member's results were.
     *
     * @param index the entry up to which
     * @param hash over all of them
     * @param before the same behind each of the entries before it, as far as they are told, lower half
     */
    record Check(RingId ring, Member member, long index, long hash, int[] before) implements Frame {}

    /** A member has given up its state, which differed. */
    record Diverged(RingId ring, Member member) implements Frame {}

    /** A part of a transfer, to one member. */
    record Part(RingId ring, long instance, Position cut, int number, Body body) implements Frame {}

    /** What a part has in it. */
    sealed interface Body {}

    /**
     * The beginning.
     *
     * @param inState who has the state at the cut
     * @param snapshot core state of the snapshot that follows; empty if only entries do
     * @param from where the entries go on, or where the snapshot was made
     */
    record Head(List<Member> inState, Optional<byte[]> snapshot, LogPoint from) implements Body {}

    /** A piece of a snapshot. */
    record Chunk(byte[] bytes) implements Body {}

    /** A piece of the state of another part, that is being merged into the snapshot. */
    record Piece(Merge merge) implements Body {}

    /** Entries, one after another. */
    record Entries(List<Entry> entries) implements Body {}

    /** The end. */
    record End(LogPoint total) implements Body {}
}
