/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.OverflowPolicy;
import dev.totem.core.internal.settings.BufferLimits;

/** How much may wait for one subscriber, and what happens beyond. Any thread. */
record SubscriberLimits(OverflowPolicy policy, int events, int bytes) {

    static SubscriberLimits of(OverflowPolicy policy, BufferLimits limits) {
        return new SubscriberLimits(policy, limits.subscriberEvents(), limits.subscriberBytes());
    }
}
