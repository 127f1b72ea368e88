/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

/**
 * What the sender of a message asks of its delivery. Any thread.
 *
 * <p>All messages share one total order, so a weaker guarantee never overtakes a stronger one sent before it.
 */
public enum Guarantee {
    /** In the order of its sender. Kept by the total order, so it costs and delivers as {@link #AGREED}. */
    FIFO,
    /** In the total order, as soon as all predecessors are delivered. */
    AGREED,
    /** As {@link #AGREED}, and only once every member of the configuration is known to hold the message. */
    SAFE
}
