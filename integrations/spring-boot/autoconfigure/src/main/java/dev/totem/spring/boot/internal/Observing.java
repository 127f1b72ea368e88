/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** How sends and the work of listeners are observed, if they are. Any thread. */
public interface Observing {

    /** Of an application without observations. */
    Observing NOTHING = new Observing() {
        @Override
        public EvsHandle sends(EvsHandle handle) {
            return handle;
        }

        @Override
        public Flux<Void> work(Delivery delivery, Function<Delivery, Publisher<Void>> work) {
            return Flux.defer(() -> work.apply(delivery));
        }
    };

    /** A handle whose sends are observed. */
    EvsHandle sends(EvsHandle handle);

    /** What a listener does with a delivery, observed until it is done. */
    Flux<Void> work(Delivery delivery, Function<Delivery, Publisher<Void>> work);
}
