/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A message delivered in total order.
 *
 * <p>Any thread. The payload array belongs to all receivers in this process together: it has no reference count and
 * must not be written.
 *
 * @param sender the processor that sent it
 * @param groups the groups it was sent to, in the sender's order
 * @param guarantee what its sender asked for
 * @param position its place in the order, the same at every node; in a transitional configuration it names the old ring
 * @param payload the bytes sent, from 0 to the configured maximum
 */
public record Delivery(NodeId sender, List<GroupName> groups, Guarantee guarantee, Position position, byte[] payload)
        implements EvsEvent {

    public Delivery {
        requireNonNull(sender, "sender");
        requireNonNull(groups, "groups");
        requireNonNull(guarantee, "guarantee");
        requireNonNull(position, "position");
        requireNonNull(payload, "payload");
        groups = List.copyOf(groups);
    }

    @Override
    public String toString() {
        return "Delivery[" + position + " from " + sender + " to " + groups + ", " + guarantee + ", " + payload.length
                + " bytes]";
    }
}
