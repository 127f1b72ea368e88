/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import dev.totem.core.OverflowPolicy;
import dev.totem.core.internal.settings.BufferLimits;

/** How much may wait for one subscriber, and what happens beyond. Any thread. */
public record SubscriberLimits(OverflowPolicy policy, int events, int bytes) {

    public static SubscriberLimits of(OverflowPolicy policy, BufferLimits limits) {
        return new SubscriberLimits(policy, limits.subscriberEvents(), limits.subscriberBytes());
    }
}
