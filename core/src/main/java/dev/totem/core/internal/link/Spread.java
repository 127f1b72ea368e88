/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import dev.totem.core.Replication;

/** By which of several networks messages go. */
public enum Spread {
    /** One after the other. */
    PASSIVE,
    /** All of them. */
    ACTIVE,
    /**
     * The second, which reaches everybody at once, while all members hear each other by it; else the first, which reaches one after
     * the other. Tokens go by the first.
     */
    GROUP;

    public static Spread of(Replication replication) {
        return switch (replication) {
            case PASSIVE -> PASSIVE;
            case ACTIVE -> ACTIVE;
        };
    }
}
