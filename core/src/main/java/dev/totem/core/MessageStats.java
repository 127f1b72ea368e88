/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.SortedMap;

/**
 * What a node sent, received and delivered, of a snapshot. Immutable, any thread.
 *
 * @param all the snapshot
 */
public record MessageStats(NodeStats all) {

    public MessageStats {
        requireNonNull(all, "all");
    }

    /** Frames with messages sent for the first time. */
    public long originated() {
        return all.get(Statistics.MESSAGES_ORIGINATED);
    }

    /** Frames with messages filed, own ones included. */
    public long received() {
        return all.get(Statistics.MESSAGES_RECEIVED);
    }

    /** Frames with messages delivered. */
    public long delivered() {
        return all.get(Statistics.MESSAGES_DELIVERED);
    }

    /** Frames sent again on request. */
    public long retransmitted() {
        return all.get(Statistics.MESSAGES_RETRANSMITTED);
    }

    /** Frames found missing. */
    public long retransmitsRequested() {
        return all.get(Statistics.RETRANSMITS_REQUESTED);
    }

    /** Frames sent again while a ring formed. */
    public long recovered() {
        return all.get(Statistics.MESSAGES_RECOVERED);
    }

    /** Messages above 64 MiB, which no node delivers. */
    public long leftOut() {
        return all.get(Statistics.MESSAGES_LEFT_OUT);
    }

    /** What opened and is no message of this format. */
    public long malformedMessages() {
        return all.get(Statistics.MALFORMED_MESSAGES);
    }

    /** Ordered packets that break the format. */
    public long malformedPackets() {
        return all.get(Statistics.MALFORMED_PACKETS);
    }

    /** Events handed to subscribers. */
    public long eventsDelivered() {
        return all.get(Statistics.EVENTS_DELIVERED);
    }

    /** Messages of the protocol that were ignored, by reason: {@code own}, {@code other-ring}, … */
    public SortedMap<String, Long> dropped() {
        return all.byReason(Statistics.DROPPED);
    }
}
