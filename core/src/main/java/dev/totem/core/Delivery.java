/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * A message delivered in total order.
 *
 * <p>Immutable, any thread. Two are equal if all they say is, the bytes of the payload included.
 *
 * @param sender the processor that sent it
 * @param groups the groups it was sent to, in the sender's order; empty if it was addressed to members
 * @param guarantee what its sender asked for
 * @param position its place in the order, the same at every node; in a transitional configuration it names the old ring
 * @param headers short named texts that its sender gave it, by name
 * @param payload the bytes sent, from 0 to the configured maximum; not copied here, and not to be written by who makes one
 */
public record Delivery(
        NodeId sender,
        List<GroupName> groups,
        Guarantee guarantee,
        Position position,
        SortedMap<String, String> headers,
        byte[] payload)
        implements EvsEvent {

    /** Without headers. */
    public Delivery(NodeId sender, List<GroupName> groups, Guarantee guarantee, Position position, byte[] payload) {
        this(sender, groups, guarantee, position, Headers.none(), payload);
    }

    public Delivery {
        requireNonNull(sender, "sender");
        requireNonNull(groups, "groups");
        requireNonNull(guarantee, "guarantee");
        requireNonNull(position, "position");
        requireNonNull(payload, "payload");
        groups = List.copyOf(groups);
        headers = Headers.copy(headers);
    }

    /** A copy of the bytes, for the caller to keep and to write; {@link #payloadView()} costs none. */
    @Override
    public byte[] payload() {
        return payload.clone();
    }

    /** The bytes, without a copy: a read-only buffer of the caller's own, from position 0 to the end. */
    public ByteBuffer payloadView() {
        return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }

    /** How many bytes the payload has. */
    public int payloadBytes() {
        return payload.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Delivery delivery
                && sender.equals(delivery.sender)
                && groups.equals(delivery.groups)
                && guarantee == delivery.guarantee
                && position.equals(delivery.position)
                && headers.equals(delivery.headers)
                && Arrays.equals(payload, delivery.payload);
    }

    /** A position is that of one message. */
    @Override
    public int hashCode() {
        return position.hashCode();
    }

    @Override
    public String toString() {
        return "Delivery[" + position + " from " + sender + " to " + groups + ", " + guarantee + ", " + payload.length
                + " bytes]";
    }
}
