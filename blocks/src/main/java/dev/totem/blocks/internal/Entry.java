/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.core.Delivery;
import dev.totem.core.NodeId;
import dev.totem.core.Position;

/**
 * One entry of the log: a frame that was delivered, where it was. The payload must not be written.
 *
 * @param sender who sent it
 */
record Entry(Position position, NodeId sender, byte[] payload) {

    static Entry of(Delivery delivery) {
        return new Entry(delivery.position(), delivery.sender(), delivery.payload());
    }

    /** About what it takes in memory. */
    long sizeBytes() {
        return 96L + payload.length;
    }
}
