/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static java.util.Objects.requireNonNull;

import dev.totem.core.EvsEvent;
import java.util.Optional;

/**
 * What went wrong in a listener. Immutable, any thread.
 *
 * @param listener its name
 * @param event what it was called with; empty if it could not join its groups, and if its stream of events ended because it was too
 *     slow: it has missed events then, and sees those from its next subscription on
 * @param error what it threw or failed with; a {@code SlowSubscriberException} if it was too slow
 */
public record TotemListenerFailure(String listener, Optional<EvsEvent> event, Throwable error) {

    public TotemListenerFailure {
        requireNonNull(listener, "listener");
        requireNonNull(event, "event");
        requireNonNull(error, "error");
    }
}
