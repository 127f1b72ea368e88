/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.Guarantee;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.RegularMessage;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How far a ring's messages have been delivered ({@code PROTOCOL.md} 4.9 to 4.11). Node loop only; one per ring.
 */
public final class DeliveryCursor {

    private final MessageStore store;
    private long highDelivered;

    /** @param passedOver numbers up to here are recovery messages, which nobody delivers */
    public DeliveryCursor(MessageStore store, long passedOver) {
        this.store = store;
        highDelivered = passedOver;
    }

    /** The highest number delivered or passed over. */
    public long highDelivered() {
        return highDelivered;
    }

    /**
     * Delivers in order until the first gap or the first SAFE message above the safe line, which holds back all behind it.
     *
     * @return how many were delivered
     */
    public int deliver(long safeLine, Consumer<RegularMessage> application) {
        int delivered = 0;
        Optional<OrderedMessage> next = store.get(highDelivered + 1);
        while (next.isPresent()) {
            if (next.get() instanceof RegularMessage message) {
                if (message.guarantee() == Guarantee.SAFE && message.seq() > safeLine) {
                    break;
                }
                application.accept(message);
                delivered++;
            }
            highDelivered++;
            next = store.get(highDelivered + 1);
        }
        return delivered;
    }
}
