/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The end of one configuration and the start of the next, delivered in order with the messages ({@code PROTOCOL.md}
 * 3.7).
 *
 * <p>Any thread. A process sees regular, transitional, regular, … in turn. In a transitional configuration the rest of
 * the old ring's messages is delivered among those members that continue together; the regular one that follows at once
 * says who is in the new ring. A node that crashed and returned within one token timeout is in {@code left} of the
 * transitional and in {@code joined} of the regular change.
 *
 * <p>The transitional and the regular change of one step have the same causes. Members of the new ring have the same as each other if
 * each heard the last Joins of all, as is usual; a Join that is lost, or made after the ring was agreed upon, may leave a cause
 * unknown to some. Changes are equal only if their causes are: whether two members were told of the same change, {@code kind},
 * {@code ring} and {@code successor} say.
 *
 * @param kind regular or transitional
 * @param ring the ring whose messages follow: the new ring of a regular change, the <em>old</em> ring of a transitional
 *     one
 * @param successor the ring that is being installed: equal to {@code ring} for a regular change
 * @param members the members, ascending
 * @param joined who is new compared with the transitional configuration before; empty in a transitional change
 * @param left who is gone compared with the regular configuration before; empty in a regular change
 * @param isPrimary whether this part may decide by the {@link Quorum} of its nodes, the same for all members; of a transitional
 *     one, whether the regular one that it ends might. Always true without a quorum
 * @param causes what led to the change, as this process and those that took part in it noticed: at most 16, those that say most first,
 *     in an order that is the same at all. Empty for a node's first configuration, and for what a newcomer is told of the current one
 */
public record ConfigChange(
        Kind kind,
        RingId ring,
        RingId successor,
        List<NodeId> members,
        List<NodeId> joined,
        List<NodeId> left,
        boolean isPrimary,
        List<ChangeCause> causes)
        implements EvsEvent {

    /** The two kinds of configuration. */
    public enum Kind {
        REGULAR,
        TRANSITIONAL
    }

    public ConfigChange {
        requireNonNull(kind, "kind");
        requireNonNull(ring, "ring");
        requireNonNull(successor, "successor");
        requireNonNull(members, "members");
        requireNonNull(joined, "joined");
        requireNonNull(left, "left");
        members = List.copyOf(members);
        joined = List.copyOf(joined);
        left = List.copyOf(left);
        causes = List.copyOf(requireNonNull(causes, "causes"));
    }

    /** Without causes. */
    public ConfigChange(
            Kind kind,
            RingId ring,
            RingId successor,
            List<NodeId> members,
            List<NodeId> joined,
            List<NodeId> left,
            boolean isPrimary) {
        this(kind, ring, successor, members, joined, left, isPrimary, List.of());
    }

    /** Of a node without a quorum; without causes. */
    public static ConfigChange regular(RingId ring, List<NodeId> members, List<NodeId> joined) {
        return new ConfigChange(Kind.REGULAR, ring, ring, members, joined, List.of(), true);
    }

    /** Of a node without a quorum; without causes. */
    public static ConfigChange transitional(RingId old, RingId successor, List<NodeId> members, List<NodeId> left) {
        requireNonNull(old, "old");
        return new ConfigChange(Kind.TRANSITIONAL, old, successor, members, List.of(), left, true);
    }

    /** The same where this is so. */
    public ConfigChange withPrimary(boolean primary) {
        return new ConfigChange(kind, ring, successor, members, joined, left, primary, causes);
    }

    /** The same for these causes. */
    public ConfigChange withCauses(List<ChangeCause> causes) {
        return new ConfigChange(kind, ring, successor, members, joined, left, isPrimary, causes);
    }

    public boolean isRegular() {
        return kind == Kind.REGULAR;
    }

    /** The same configuration as a newcomer is told of it: nobody joined or left while it looked. */
    public ConfigChange asCurrent() {
        return new ConfigChange(kind, ring, successor, members, List.of(), List.of(), isPrimary);
    }
}
