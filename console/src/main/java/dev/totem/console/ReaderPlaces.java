/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** How many may read a stream at once. Any thread. */
final class ReaderPlaces {

    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    ReaderPlaces(int most) {
        this.most = most;
    }

    /** A place, if one is free. */
    Optional<Place> take() {
        int before = taken.getAndUpdate(now -> Math.min(most, now + 1));
        return before < most ? Optional.of(new Place()) : Optional.empty();
    }

    int taken() {
        return taken.get();
    }

    /** One of them. */
    final class Place {

        private final AtomicBoolean isFree = new AtomicBoolean();

        /** Gives it back; idempotent, as several may notice that a reader has gone. */
        void free() {
            if (isFree.compareAndSet(false, true)) {
                taken.decrementAndGet();
            }
        }
    }
}
