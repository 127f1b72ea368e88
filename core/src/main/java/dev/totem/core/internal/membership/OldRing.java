/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.Vote;
import dev.totem.core.internal.ordering.DeliveryCursor;
import dev.totem.core.internal.ordering.MessageStore;
import dev.totem.core.internal.ordering.RingOrder;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is carried from the ring that was installed last through every failed attempt to the next install
 * ({@code PROTOCOL.md} 3.8): its identity, its members, its messages, and the obligation.
 *
 * <p>Node loop only. Messages recovered during an attempt are filed here at once, so that a failed attempt loses nothing
 * and the aru reported in the next one is the true one (corosync's D6 and P2 cannot occur).
 */
public final class OldRing {

    private final RingId ring;
    private final RingMembers members;
    private final MessageStore store;
    private final DeliveryCursor cursor;
    private final long safeLine;
    private boolean received;
    private SortedSet<NodeId> deliverMembers = new TreeSet<>();
    private long highRingDelivered;

    public OldRing(RingMembers members, RingOrder order, DeliveryCursor cursor) {
        this.members = members;
        this.cursor = cursor;
        ring = order.ring();
        store = order.store();
        safeLine = order.safeLine().seq();
        highRingDelivered = cursor.highDelivered();
    }

    public RingId ring() {
        return ring;
    }

    public RingMembers members() {
        return members;
    }

    public MessageStore store() {
        return store;
    }

    public DeliveryCursor cursor() {
        return cursor;
    }

    /** The first number that nobody was known to hold safely everywhere, less one: SAFE up to here is safe. */
    public long safeLine() {
        return Math.max(safeLine, highRingDelivered);
    }

    /** Files a message of this ring that is still missing, wherever it comes from. */
    public void file(RegularMessage message) {
        if (message.ring().equals(ring) && members.contains(message.origin())) {
            store.file(message);
        }
    }

    /**
     * What this processor says of this ring in a commit token. The high delivered number is the highest known of any
     * member: who takes part in a later attempt only must draw the same line between the configurations.
     */
    public CommitEntry entry(Origin self, Vote vote) {
        return new CommitEntry(
                self, ring, store.aru(), Math.max(highRingDelivered, cursor.highDelivered()), received, vote);
    }

    /** A member says that it, or somebody it heard of, delivered up to here; no ring gets ahead of the store of a member. */
    public void delivered(long seq) {
        highRingDelivered = Math.max(highRingDelivered, Math.min(seq, store.last()));
    }

    /** Whether this processor has promised to deliver what was exchanged (my_received_flg). */
    public boolean isObliged() {
        return received;
    }

    /** Nobody can have installed a ring on an earlier promise: it is void, and these are to be delivered. */
    public void release(Collection<NodeId> transitional) {
        received = false;
        deliverMembers = new TreeSet<>(transitional);
    }

    /** This processor holds all that the members of the last {@link #release} hold: from here on it must deliver it. */
    public void oblige() {
        received = true;
    }

    /** Whether messages of this sender must be delivered in the transitional configuration, even beyond a gap. */
    public boolean mustDeliver(NodeId sender) {
        return deliverMembers.contains(sender);
    }
}
