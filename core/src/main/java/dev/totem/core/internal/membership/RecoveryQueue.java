/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.ordering.Origination;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The old messages this member still has to send on the ring that is being formed ({@code PROTOCOL.md} 3.6). Node loop
 * only. What another member was heard to send is not sent again, as the paper prescribes.
 */
public final class RecoveryQueue implements Origination {

    private final Origin self;
    private final RingId ring;
    private final TreeMap<Long, RegularMessage> waiting = new TreeMap<>();

    public RecoveryQueue(Origin self, RingId ring, Collection<RegularMessage> messages) {
        this.self = self;
        this.ring = ring;
        messages.forEach(message -> waiting.put(message.seq(), message));
    }

    /** Somebody has sent this old message. */
    public void heard(RegularMessage old) {
        RegularMessage own = waiting.get(old.seq());
        if (own != null && own.ring().equals(old.ring())) {
            waiting.remove(old.seq());
        }
    }

    @Override
    public int backlog() {
        return waiting.size();
    }

    @Override
    public Optional<OrderedMessage> next(long seq) {
        var first = waiting.pollFirstEntry();
        return first == null ? Optional.empty() : Optional.of(new RecoveredMessage(self, ring, seq, first.getValue()));
    }
}
