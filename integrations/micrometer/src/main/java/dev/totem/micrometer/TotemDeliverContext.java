/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import dev.totem.core.Delivery;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/** A message in the hands of a subscriber. One thread at a time. */
public final class TotemDeliverContext extends ReceiverContext<Delivery> {

    private final Delivery delivery;

    TotemDeliverContext(Delivery delivery) {
        super((from, name) -> from.headers().get(name), Kind.CONSUMER);
        this.delivery = delivery;
        setCarrier(delivery);
    }

    public Delivery delivery() {
        return delivery;
    }
}
