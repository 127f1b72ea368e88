/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import io.micrometer.observation.Observation;
import java.util.concurrent.atomic.AtomicBoolean;

/** An observation that is stopped once: publishers may be cancelled after they have ended. Any thread. */
final class Running {

    private final Observation observation;
    private final AtomicBoolean isOver = new AtomicBoolean();

    Running(Observation started) {
        observation = started;
    }

    void end() {
        if (isOver.compareAndSet(false, true)) {
            observation.stop();
        }
    }

    void end(Throwable failure) {
        if (isOver.compareAndSet(false, true)) {
            observation.error(failure);
            observation.stop();
        }
    }
}
