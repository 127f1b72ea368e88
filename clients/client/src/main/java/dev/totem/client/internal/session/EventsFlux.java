/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.core.EvsEvent;
import dev.totem.core.OverflowPolicy;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** The events of an attached handle; each subscriber has its own subscription at the executive. Any thread. */
final class EventsFlux extends Flux<EvsEvent> {

    private final AttachedHandle handle;
    private final OverflowPolicy policy;

    private EventsFlux(AttachedHandle handle, OverflowPolicy policy) {
        this.handle = handle;
        this.policy = policy;
    }

    static Flux<EvsEvent> of(AttachedHandle handle, OverflowPolicy policy) {
        return onAssembly(new EventsFlux(handle, policy));
    }

    @Override
    public void subscribe(CoreSubscriber<? super EvsEvent> actual) {
        EventsSubscription subscription = new EventsSubscription(handle, policy, actual);
        actual.onSubscribe(subscription);
        subscription.start();
    }
}
