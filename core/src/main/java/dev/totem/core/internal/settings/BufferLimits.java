/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.settings;

import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import java.time.Duration;

/** How much may wait in this process, and how long; {@link Settings} says what each is. Immutable, any thread. */
public record BufferLimits(
        int memoryBytes,
        int messageBytesMax,
        int subscriberEvents,
        int subscriberBytes,
        int sendsInFlight,
        int sendBytesInFlight,
        Duration stallLimit,
        Duration closeLimit) {

    /** No node sends a message with a larger payload, bytes. */
    public static final int MESSAGE_BYTES_MOST = Settings.MAX_MESSAGE_SIZE.most();

    static BufferLimits of(TotemConfig config) {
        return new BufferLimits(
                config.get(Settings.MEMORY),
                config.get(Settings.MAX_MESSAGE_SIZE),
                config.get(Settings.SUBSCRIBER_EVENTS),
                config.get(Settings.SUBSCRIBER_BYTES),
                config.get(Settings.SENDS_IN_FLIGHT),
                config.get(Settings.SEND_BYTES_IN_FLIGHT),
                config.get(Settings.STALL_LIMIT),
                config.get(Settings.CLOSE_LIMIT));
    }
}
