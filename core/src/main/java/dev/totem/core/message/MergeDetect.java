/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.message;

import dev.totem.core.RingId;

/** An idle ring makes itself known to others ({@code protocol.md} 2.6). */
public record MergeDetect(Origin origin, RingId ring) implements ProtocolMessage {

    @Override
    public <R> R dispatch(MessageHandler<R> handler) {
        return handler.mergeDetect(this);
    }
}
