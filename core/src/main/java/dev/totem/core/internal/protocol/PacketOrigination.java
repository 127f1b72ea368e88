/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.ordering.Origination;
import java.util.Optional;

/** Originates application packets: each gets its ring and number at the moment it is sent, not before. Node loop only. */
final class PacketOrigination implements Origination {

    private final RingContext context;
    private final RingId ring;

    PacketOrigination(RingContext context, RingId ring) {
        this.context = context;
        this.ring = ring;
    }

    @Override
    public int backlog() {
        return context.source().backlog();
    }

    @Override
    public Optional<OrderedMessage> next(long seq) {
        return context.source()
                .next()
                .map(packet -> new RegularMessage(context.self(), ring, seq, packet.guarantee(), packet.bytes()));
    }
}
