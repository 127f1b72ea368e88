/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.RingId;

/**
 * What one member of a proposed ring says of the ring it comes from ({@code PROTOCOL.md} 2.8).
 *
 * @param member who fills this entry
 * @param oldRing the ring it installed last
 * @param aru it has received everything of that ring up to here
 * @param highDelivered the highest number of that ring it has delivered
 * @param received its obligation was met in an earlier recovery that failed
 * @param vote what it says of which rings may decide. Ours
 */
public record CommitEntry(Origin member, RingId oldRing, long aru, long highDelivered, boolean received, Vote vote) {

    /** Of a member without a quorum. */
    public CommitEntry(Origin member, RingId oldRing, long aru, long highDelivered, boolean received) {
        this(member, oldRing, aru, highDelivered, received, Vote.NONE);
    }
}
