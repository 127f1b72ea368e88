/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.settings.WireVersions;
import java.nio.ByteBuffer;
import java.util.List;

/** Proposals of a membership: with the sender, or without it ({@code PROTOCOL.md} 2.4, 2.5). Any thread. */
final class JoinCodec {

    private static final int COUNTS_BYTES = 2 * Integer.BYTES;
    private static final int JOIN_FIXED_BYTES =
            Long.BYTES + Integer.BYTES + COUNTS_BYTES + Integer.BYTES + ProfileCodec.FIXED_BYTES + Byte.BYTES;
    private static final int LEAVE_FIXED_BYTES = Long.BYTES + COUNTS_BYTES;

    private JoinCodec() {}

    static int bytes(Join join) {
        return joinBytes(
                join.proc().size() + join.fail().size() + join.heard().size(),
                join.profile().settings().size(),
                join.causes().size());
    }

    static int bytes(Leave leave) {
        return FrameHeader.BYTES
                + LEAVE_FIXED_BYTES
                + (leave.proc().size() + leave.fail().size()) * WireFields.NODE_BYTES;
    }

    static int joinBytes(int nodes, int settings, int causes) {
        return FrameHeader.BYTES
                + JOIN_FIXED_BYTES
                + nodes * WireFields.NODE_BYTES
                + settings * ProfileCodec.SETTING_BYTES
                + causes * CauseCodec.CAUSE_BYTES;
    }

    static ByteBuffer encode(Join join, ByteBuffer target) {
        WireFields.requireSendable(isValid(join), join);
        FrameHeader.put(target, FrameHeader.JOIN, join.origin(), bytes(join));
        target.putLong(join.ringSeq()).putInt(join.rotations());
        target.putInt(join.proc().size())
                .putInt(join.fail().size())
                .putInt(join.heard().size());
        ProfileCodec.putFixed(target, join.profile());
        target.put((byte) join.causes().size());
        WireFields.putNodes(target, join.proc());
        WireFields.putNodes(target, join.fail());
        WireFields.putNodes(target, join.heard());
        ProfileCodec.putSettings(target, join.profile());
        CauseCodec.put(target, join.causes());
        return target;
    }

    static ByteBuffer encode(Leave leave, ByteBuffer target) {
        WireFields.requireSendable(isValid(leave), leave);
        FrameHeader.put(target, FrameHeader.LEAVE, leave.origin(), bytes(leave));
        target.putLong(leave.ringSeq());
        target.putInt(leave.proc().size()).putInt(leave.fail().size());
        WireFields.putNodes(target, leave.proc());
        WireFields.putNodes(target, leave.fail());
        return target;
    }

    static Join decodeJoin(Origin origin, ByteBuffer in) throws MalformedMessageException {
        WireFields.requireAtLeast(in, JOIN_FIXED_BYTES);
        long ringSeq = in.getLong();
        int rotations = in.getInt();
        int proc = getCount(in);
        int fail = getCount(in);
        int heard = getCount(in);
        WireVersions versions = ProfileCodec.getVersions(in);
        int settings = ProfileCodec.getCount(in);
        int causes = CauseCodec.getCount(in);
        WireFields.requireExactly(
                in,
                (proc + fail + heard) * WireFields.NODE_BYTES
                        + settings * ProfileCodec.SETTING_BYTES
                        + causes * CauseCodec.CAUSE_BYTES);
        Join join = new Join(
                origin,
                WireFields.getNodes(in, proc),
                WireFields.getNodes(in, fail),
                ringSeq,
                rotations,
                WireFields.getNodes(in, heard),
                new Profile(versions, ProfileCodec.getSettings(in, settings)),
                CauseCodec.get(in, causes));
        return WireFields.requireValid(isValid(join), join);
    }

    static Leave decodeLeave(Origin origin, ByteBuffer in) throws MalformedMessageException {
        WireFields.requireAtLeast(in, LEAVE_FIXED_BYTES);
        long ringSeq = in.getLong();
        int proc = getCount(in);
        int fail = getCount(in);
        WireFields.requireExactly(in, (proc + fail) * WireFields.NODE_BYTES);
        Leave leave = new Leave(origin, WireFields.getNodes(in, proc), WireFields.getNodes(in, fail), ringSeq);
        return WireFields.requireValid(isValid(leave), leave);
    }

    private static int getCount(ByteBuffer in) throws MalformedMessageException {
        return WireFields.getCount(in, CommitToken.MEMBERS_MAX);
    }

    private static boolean isValid(Join join) {
        return join.ringSeq() >= 0
                && join.rotations() >= 0
                && areSets(join.proc(), join.fail())
                && WireFields.isAscending(join.heard())
                && join.heard().size() <= CommitToken.MEMBERS_MAX
                && ProfileCodec.isValid(join.profile())
                && CauseCodec.isValid(join.causes())
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
