/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.RingId;

/**
 * A message of an old ring, sent again on the ring that is being formed ("encapsulated", {@code PROTOCOL.md} 3.6).
 *
 * @param inner the old message, unchanged
 */
public record RecoveredMessage(Origin origin, RingId ring, long seq, RegularMessage inner) implements OrderedMessage {

    @Override
    public <R> R dispatch(MessageHandler<R> handler) {
        return handler.recoveredMessage(this);
    }
}
