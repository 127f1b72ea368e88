/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.wire;

import dev.totem.core.NodeId;
import dev.totem.core.message.CommitToken;
import dev.totem.core.message.Join;
import dev.totem.core.message.Leave;
import dev.totem.core.message.Origin;
import java.nio.ByteBuffer;
import java.util.List;

/** Proposals of a membership: with the sender, or without it ({@code protocol.md} 2.4, 2.5). Any thread. */
final class JoinCodec {

    private static final int COUNTS_BYTES = 2 * Integer.BYTES;
    private static final int JOIN_FIXED_BYTES = Long.BYTES + Integer.BYTES + COUNTS_BYTES;
    private static final int LEAVE_FIXED_BYTES = Long.BYTES + COUNTS_BYTES;

    private record Sets(List<NodeId> proc, List<NodeId> fail) {}

    private JoinCodec() {}

    static int bytes(Join join) {
        return joinBytes(join.proc().size(), join.fail().size());
    }

    static int bytes(Leave leave) {
        return FrameHeader.BYTES
                + LEAVE_FIXED_BYTES
                + (leave.proc().size() + leave.fail().size()) * WireFields.NODE_BYTES;
    }

    static int joinBytes(int proc, int fail) {
        return FrameHeader.BYTES + JOIN_FIXED_BYTES + (proc + fail) * WireFields.NODE_BYTES;
    }

    static ByteBuffer encode(Join join, ByteBuffer target) {
        WireFields.requireSendable(isValid(join), join);
        FrameHeader.put(target, FrameHeader.JOIN, join.origin(), bytes(join));
        target.putLong(join.ringSeq()).putInt(join.rotations());
        putSets(target, join.proc(), join.fail());
        return target;
    }

    static ByteBuffer encode(Leave leave, ByteBuffer target) {
        WireFields.requireSendable(isValid(leave), leave);
        FrameHeader.put(target, FrameHeader.LEAVE, leave.origin(), bytes(leave));
        target.putLong(leave.ringSeq());
        putSets(target, leave.proc(), leave.fail());
        return target;
    }

    static Join decodeJoin(Origin origin, ByteBuffer in) throws MalformedMessageException {
        WireFields.requireAtLeast(in, JOIN_FIXED_BYTES);
        long ringSeq = in.getLong();
        int rotations = in.getInt();
        Sets sets = getSets(in);
        Join join = new Join(origin, sets.proc(), sets.fail(), ringSeq, rotations);
        return WireFields.requireValid(isValid(join), join);
    }

    static Leave decodeLeave(Origin origin, ByteBuffer in) throws MalformedMessageException {
        WireFields.requireAtLeast(in, LEAVE_FIXED_BYTES);
        long ringSeq = in.getLong();
        Sets sets = getSets(in);
        Leave leave = new Leave(origin, sets.proc(), sets.fail(), ringSeq);
        return WireFields.requireValid(isValid(leave), leave);
    }

    private static void putSets(ByteBuffer target, List<NodeId> proc, List<NodeId> fail) {
        target.putInt(proc.size()).putInt(fail.size());
        WireFields.putNodes(target, proc);
        WireFields.putNodes(target, fail);
    }

    private static Sets getSets(ByteBuffer in) throws MalformedMessageException {
        int procCount = WireFields.getCount(in, CommitToken.MEMBERS_MAX);
        int failCount = WireFields.getCount(in, CommitToken.MEMBERS_MAX);
        WireFields.requireExactly(in, (procCount + failCount) * WireFields.NODE_BYTES);
        return new Sets(WireFields.getNodes(in, procCount), WireFields.getNodes(in, failCount));
    }

    private static boolean isValid(Join join) {
        return join.ringSeq() >= 0
                && join.rotations() >= 0
                && areSets(join.proc(), join.fail())
                && WireFields.contains(join.proc(), join.origin().node())
                && join.fail().stream().allMatch(failed -> WireFields.contains(join.proc(), failed));
    }

    /** The sender is the one node in fail that is not in proc. */
    private static boolean isValid(Leave leave) {
        NodeId sender = leave.origin().node();
        return leave.ringSeq() >= 0
                && areSets(leave.proc(), leave.fail())
                && !WireFields.contains(leave.proc(), sender)
                && WireFields.contains(leave.fail(), sender)
                && leave.fail().stream()
                        .allMatch(failed -> failed.equals(sender) || WireFields.contains(leave.proc(), failed));
    }

    private static boolean areSets(List<NodeId> proc, List<NodeId> fail) {
        return proc.size() <= CommitToken.MEMBERS_MAX
                && fail.size() <= CommitToken.MEMBERS_MAX
                && WireFields.isAscending(proc)
                && WireFields.isAscending(fail);
    }
}
