/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/**
 * What waits in a node, of a snapshot. Immutable, any thread.
 *
 * @param all the snapshot
 */
public record MemoryStats(NodeStats all) {

    public MemoryStats {
        requireNonNull(all, "all");
    }

    /** Frames waiting because there is no memory for what subscribers have not taken. */
    public long dispatchBacklog() {
        return all.get(Statistics.DISPATCH_BACKLOG);
    }

    /** Bytes waiting for subscribers. */
    public long deliveryBytes() {
        return all.get(Statistics.DELIVERY_BYTES);
    }

    /** Whether this node holds the ring back. */
    public boolean isHeldBack() {
        return all.get(Statistics.HELD_BACK) != 0;
    }

    /** Packets waiting for the token. */
    public long sendBacklog() {
        return all.get(Statistics.SEND_BACKLOG);
    }

    /** Bytes of sends under way. */
    public long sendBytes() {
        return all.get(Statistics.SEND_BYTES);
    }

    /** Sends waiting for memory. */
    public long sendsWaiting() {
        return all.get(Statistics.SENDS_WAITING);
    }
}
