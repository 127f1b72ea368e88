/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.Guarantee;
import dev.totem.core.RingId;
import java.nio.ByteBuffer;

/**
 * A packet of application messages in the total order; travels as one frame.
 *
 * @param packet the packed messages, read-only by convention: position and limit are never moved, readers duplicate
 */
public record RegularMessage(Origin origin, RingId ring, long seq, Guarantee guarantee, ByteBuffer packet)
        implements OrderedMessage {

    @Override
    public <R> R dispatch(MessageHandler<R> handler) {
        return handler.regularMessage(this);
    }

    @Override
    public String toString() {
        return "RegularMessage[" + origin + " " + ring + "/" + seq + " " + guarantee + " " + packet.remaining()
                + " bytes]";
    }
}
