/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.NodeId;
import java.util.List;

/**
 * A member's farewell: a proposal of a membership without the sender, which does not count as its consent
 * ({@code PROTOCOL.md} 2.5).
 *
 * @param proc the sender's candidates without itself
 * @param fail candidates given up on, and the sender
 */
public record Leave(Origin origin, List<NodeId> proc, List<NodeId> fail, long ringSeq) implements ProtocolMessage {

    public Leave {
        proc = List.copyOf(proc);
        fail = List.copyOf(fail);
    }

    @Override
    public <R> R dispatch(MessageHandler<R> handler) {
        return handler.leave(this);
    }
}
