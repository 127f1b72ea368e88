/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/**
 * A stream of events that ended because some that would follow cannot be had any more: a client lost its place at its executive.
 * Subscribing again begins with the current configuration.
 */
public final class EventsMissedException extends TotemException {

    private static final long serialVersionUID = 1L;

    public EventsMissedException(String why) {
        super("events are missing from here on: " + requireNonNull(why, "why") + "; subscribe again");
    }

    @Override
    public boolean retryCanHelp() {
        return true;
    }
}
