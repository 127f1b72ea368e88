/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;

/**
 * Settings of a replica, the same at all.
 *
 * @param expect how many replicas must be there before an empty state begins, or one that too few know goes on
 * @param lease for how long a member that went away keeps what it holds
 * @param tick the most by which one message moves the ordered time, and how often it moves by itself
 * @param hasTicks whether it moves by itself
 * @param keptBytes of applied entries kept for members that missed them
 * @param waitingBytes of messages that wait for a transfer to end
 * @param compareEvery behind so many entries replicas compare their results; 0 for never
 * @param isMerging whether states of parts that were apart are merged
 */
public record Settings(
        String name,
        Quorum quorum,
        int expect,
        Duration lease,
        Duration tick,
        boolean hasTicks,
        long keptBytes,
        long waitingBytes,
        int compareEvery,
        boolean isMerging,
        Clock clock) {

    /** How many there can be: without a quorum each decides alone. */
    public static int replicas(Quorum quorum) {
        return Math.max(1, quorum.nodes());
    }

    /** Whether these are replicas that may decide. */
    boolean mayDecide(Collection<NodeId> nodes) {
        return !nodes.isEmpty() && quorum.isPrimary(nodes);
    }

    public static Settings of(String name, Quorum quorum) {
        return new Settings(
                name,
                quorum,
                replicas(quorum),
                Duration.ofSeconds(4),
                Duration.ofSeconds(1),
                false,
                4 << 20,
                64 << 20,
                128,
                false,
                Clock.systemUTC());
    }

    public Settings expecting(int replicas) {
        return new Settings(
                name, quorum, replicas, lease, tick, hasTicks, keptBytes, waitingBytes, compareEvery, isMerging, clock);
    }

    public Settings leasing(Duration time) {
        return new Settings(
                name, quorum, expect, time, tick, hasTicks, keptBytes, waitingBytes, compareEvery, isMerging, clock);
    }

    public Settings ticking(Duration time) {
        return new Settings(
                name, quorum, expect, lease, time, true, keptBytes, waitingBytes, compareEvery, isMerging, clock);
    }

    public Settings keeping(long kept, long waiting) {
        return new Settings(name, quorum, expect, lease, tick, hasTicks, kept, waiting, compareEvery, isMerging, clock);
    }

    public Settings comparing(int every) {
        return new Settings(
                name, quorum, expect, lease, tick, hasTicks, keptBytes, waitingBytes, every, isMerging, clock);
    }

    public Settings merging() {
        return new Settings(
                name, quorum, expect, lease, tick, hasTicks, keptBytes, waitingBytes, compareEvery, true, clock);
    }

    public Settings by(Clock other) {
        return new Settings(
                name, quorum, expect, lease, tick, hasTicks, keptBytes, waitingBytes, compareEvery, isMerging, other);
    }
}
