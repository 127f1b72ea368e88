/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

/** What happens when a subscriber of {@link EvsHandle#events()} does not keep up with its bounded queue. Any thread. */
public enum OverflowPolicy {
    /**
     * The ring slows down to the subscriber through the token's flow control, for at most the stall limit; then the
     * subscription ends with {@link SlowSubscriberException}.
     */
    HOLD_BACK,
    /** The subscription ends with {@link SlowSubscriberException} as soon as its queue is full. */
    FAIL
}
