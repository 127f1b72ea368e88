/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.Vote;
import dev.totem.core.internal.settings.WireVersions;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The token of a proposed ring ({@code PROTOCOL.md} 2.8). Any thread.
 *
 * <p>An entry does not repeat the id of its member, which its place in the list tells.
 */
final class CommitTokenCodec {

    private static final int FIXED_BYTES = WireFields.RING_BYTES + Long.BYTES + Byte.BYTES + 2 * Integer.BYTES;
    private static final int ENTRY_BYTES =
            Long.BYTES + WireFields.RING_BYTES + 2 * Long.BYTES + 2 * Integer.BYTES + 2 * Byte.BYTES;

    private CommitTokenCodec() {}

    static int bytes(CommitToken token) {
        return bytes(token.members().size(), token.entries().size());
    }

    static int bytes(int members, int entries) {
        return FrameHeader.BYTES + FIXED_BYTES + members * WireFields.NODE_BYTES + entries * ENTRY_BYTES;
    }

    static ByteBuffer encode(CommitToken token, ByteBuffer target) {
        WireFields.requireSendable(isValid(token), token);
        FrameHeader.put(target, FrameHeader.COMMIT_TOKEN, token.origin(), bytes(token));
        WireFields.putRing(target, token.ring());
        target.putLong(token.tokenSeq()).put((byte) token.version());
        target.putInt(token.members().size()).putInt(token.entries().size());
        WireFields.putNodes(target, token.members());
        for (CommitEntry entry : token.entries()) {
            target.putLong(entry.member().incarnation());
            WireFields.putRing(target, entry.oldRing());
            target.putLong(entry.aru()).putLong(entry.highDelivered());
            WireFields.putFlag(target, entry.received());
            target.putInt(entry.vote().policy()).putInt(entry.vote().patienceMillis());
            WireFields.putFlag(target, entry.vote().hasMetExpected());
        }
        return target;
    }

    static CommitToken decode(Origin origin, ByteBuffer in) throws MalformedMessageException {
        WireFields.requireAtLeast(in, FIXED_BYTES);
        RingId ring = WireFields.getRing(in);
        long tokenSeq = in.getLong();
        int version = Byte.toUnsignedInt(in.get());
        int memberCount = WireFields.getCount(in, CommitToken.MEMBERS_MAX);
        int entryCount = WireFields.getCount(in, memberCount);
        WireFields.requireExactly(in, memberCount * WireFields.NODE_BYTES + entryCount * ENTRY_BYTES);
        List<NodeId> members = WireFields.getNodes(in, memberCount);
        CommitEntry[] entries = new CommitEntry[entryCount];
        for (int i = 0; i < entryCount; i++) {
            entries[i] = getEntry(in, members.get(i));
        }
        CommitToken token = new CommitToken(origin, ring, tokenSeq, version, members, List.of(entries));
        return WireFields.requireValid(isValid(token), token);
    }

    private static CommitEntry getEntry(ByteBuffer in, NodeId node) throws MalformedMessageException {
        Origin member = new Origin(node, in.getLong());
        RingId oldRing = WireFields.getRing(in);
        return new CommitEntry(
                member,
                oldRing,
                in.getLong(),
                in.getLong(),
                WireFields.getFlag(in),
                new Vote(in.getInt(), in.getInt(), WireFields.getFlag(in)));
    }

    /** The representative is the lowest member, and the token goes from member to member. */
    private static boolean isValid(CommitToken token) {
        List<NodeId> members = token.members();
        return WireFields.isRing(token.ring())
                && token.tokenSeq() >= 0
                && WireVersions.isVersion(token.version())
                && !members.isEmpty()
                && members.size() <= CommitToken.MEMBERS_MAX
                && WireFields.isAscending(members)
                && members.get(0).equals(token.ring().representative())
                && WireFields.contains(members, token.origin().node())
                && areValid(token.entries(), token);
    }

    private static boolean areValid(List<CommitEntry> entries, CommitToken token) {
        if (entries.size() > token.members().size()) {
            return false;
        }
        for (int i = 0; i < entries.size(); i++) {
            CommitEntry entry = entries.get(i);
            boolean valid = entry.member().node().equals(token.members().get(i))
                    && WireFields.isRing(entry.oldRing())
                    && entry.oldRing().seq() < token.ring().seq()
                    && entry.aru() >= 0
                    && entry.highDelivered() >= 0
                    && entry.vote().patienceMillis() >= 0;
            if (!valid) {
                return false;
            }
        }
        return true;
    }
}
