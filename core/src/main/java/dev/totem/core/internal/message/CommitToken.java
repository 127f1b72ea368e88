/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.settings.WireVersions;
import java.util.List;

/**
 * The token that confirms a proposed ring in its first rotation and hands out the recovery data in its second
 * ({@code PROTOCOL.md} 2.8).
 *
 * @param origin who forwarded it
 * @param tokenSeq 0 when made, one more at each forward
 * @param version which version of the message format the ring speaks: the highest that all members understand. Ours
 * @param members the proposed ring, ascending
 * @param entries what the members that saw it so far have filled in, in ring order
 */
public record CommitToken(
        Origin origin, RingId ring, long tokenSeq, int version, List<NodeId> members, List<CommitEntry> entries)
        implements ProtocolMessage {

    /** The largest ring. */
    public static final int MEMBERS_MAX = 384;

    public CommitToken {
        members = List.copyOf(members);
        entries = List.copyOf(entries);
    }

    /** Of a ring that speaks the first version. */
    public CommitToken(Origin origin, RingId ring, long tokenSeq, List<NodeId> members, List<CommitEntry> entries) {
        this(origin, ring, tokenSeq, WireVersions.FIRST, members, entries);
    }

    /** The same on its next hop. */
    public CommitToken forwarded(Origin by, List<CommitEntry> filled) {
        return new CommitToken(by, ring, tokenSeq + 1, version, members, filled);
    }

    public boolean isComplete() {
        return entries.size() == members.size();
    }

    @Override
    public <R> R dispatch(MessageHandler<R> handler) {
        return handler.commitToken(this);
    }
}
