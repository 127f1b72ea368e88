/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.RingId;

/** A member of an idle ring has something to send: let go of the token ({@code PROTOCOL.md} 2.7). */
public record HoldCancel(Origin origin, RingId ring) implements ProtocolMessage {

    @Override
    public <R> R dispatch(MessageHandler<R> handler) {
        return handler.holdCancel(this);
    }
}
