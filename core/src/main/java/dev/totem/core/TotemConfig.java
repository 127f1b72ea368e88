/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * All settings of a node; valid at every moment. Any thread.
 *
 * <p>Members of one ring should agree on {@link #timing()}, {@link #flow()} and the largest message; each names what
 * differs at another one in the log.
 *
 * @param cluster the name of the cluster, 1 to 64 characters; nodes of other clusters are not heard, whatever their
 *     addresses
 * @param timing the protocol's timers
 * @param flow how much may be under way on the ring
 * @param buffers how much may wait in this process
 */
public record TotemConfig(String cluster, RingTiming timing, FlowLimits flow, BufferLimits buffers) {

    public TotemConfig {
        requireNonNull(cluster, "cluster");
        requireNonNull(timing, "timing");
        requireNonNull(flow, "flow");
        requireNonNull(buffers, "buffers");
        if (cluster.isEmpty() || cluster.length() > 64) {
            throw new ConfigurationException("cluster", cluster, "a cluster name has 1 to 64 characters");
        }
    }

    public static TotemConfig defaults() {
        return new TotemConfig("totem", RingTiming.defaults(), FlowLimits.defaults(), BufferLimits.defaults());
    }

    public TotemConfig withCluster(String cluster) {
        return new TotemConfig(cluster, timing, flow, buffers);
    }

    public TotemConfig withTiming(RingTiming timing) {
        return new TotemConfig(cluster, timing, flow, buffers);
    }

    public TotemConfig withFlow(FlowLimits flow) {
        return new TotemConfig(cluster, timing, flow, buffers);
    }

    public TotemConfig withBuffers(BufferLimits buffers) {
        return new TotemConfig(cluster, timing, flow, buffers);
    }

    /** Sets the token timeout and derives all other timers from it; see {@link RingTiming#forToken}. */
    public TotemConfig withToken(Duration token) {
        return withTiming(RingTiming.forToken(token));
    }
}
