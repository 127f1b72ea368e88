/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A message to send: payload, groups and guarantee. Immutable, any thread. Two are equal if all of that is, the bytes of the
 * payload included.
 *
 * <p>A payload array is not copied, here or by {@link #payload()}: it belongs to the message and must not be written until
 * its sends have ended. The bytes of a buffer are copied.
 *
 * @param groups where it goes; empty means all groups that the sending handle has joined when it is sent; at
 *     most {@link #GROUPS_MAX}
 * @param guarantee what is asked of its delivery
 * @param isOnlyInPrimary whether it is ordered in primary configurations only
 * @param payload 0 bytes to the configured maximum (1 MiB by default)
 */
public record Message(List<GroupName> groups, Guarantee guarantee, boolean isOnlyInPrimary, byte[] payload) {

    /** The most groups that one message can name, or that a handle can have joined when it sends to all of them. */
    public static final int GROUPS_MAX = 4_096;

    private static final byte[] EMPTY = {};

    public Message {
        requireNonNull(groups, "groups");
        requireNonNull(guarantee, "guarantee");
        requireNonNull(payload, "payload");
        groups = List.copyOf(groups);
        for (GroupName group : groups) {
            // Fails here where a list was built past the compiler, and not where the message is sent.
            requireNonNull(group, "groups");
        }
        if (groups.size() > GROUPS_MAX) {
            throw new ConfigurationException(
                    "groups", String.valueOf(groups.size()), "a message names at most " + GROUPS_MAX + " groups");
        }
    }

    /** A message that is ordered in any configuration. */
    public Message(List<GroupName> groups, Guarantee guarantee, byte[] payload) {
        this(groups, guarantee, false, payload);
    }

    /** An {@link Guarantee#AGREED} message to all groups the handle has joined. */
    public static Message of(byte[] payload) {
        return new Message(List.of(), Guarantee.AGREED, payload);
    }

    /** An {@link Guarantee#AGREED} message with a copy of the remaining bytes, to all groups the handle has joined. */
    public static Message of(ByteBuffer payload) {
        return of(bytes(payload));
    }

    /** An empty {@link Guarantee#AGREED} message to these groups, joined or not. */
    public static Message to(String first, String... more) {
        return new Message(GroupName.listOf(first, more), Guarantee.AGREED, EMPTY);
    }

    public Message fifo() {
        return guaranteed(Guarantee.FIFO);
    }

    public Message agreed() {
        return guaranteed(Guarantee.AGREED);
    }

    public Message safe() {
        return guaranteed(Guarantee.SAFE);
    }

    private Message guaranteed(Guarantee asked) {
        return new Message(groups, asked, isOnlyInPrimary, payload);
    }

    /**
     * The same, ordered only where the nodes' {@link Quorum} lets this part decide. Elsewhere the send is refused, at once or when
     * the part loses its quorum before the message was ordered ({@link SendFailedException.Fate#REFUSED}, with the votes). If it
     * was ordered in a primary that breaks before it was delivered there, the send fails with {@link
     * SendFailedException.Fate#TRANSITIONAL}, which says where it was delivered. Without a quorum every part may decide.
     */
    public Message onlyInPrimary() {
        return new Message(groups, guarantee, true, payload);
    }

    public Message payload(byte[] payload) {
        return new Message(groups, guarantee, isOnlyInPrimary, payload);
    }

    public Message payload(ByteBuffer payload) {
        return payload(bytes(payload));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        requireNonNull(buffer, "payload");
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Message message
                && groups.equals(message.groups)
                && guarantee == message.guarantee
                && isOnlyInPrimary == message.isOnlyInPrimary
                && Arrays.equals(payload, message.payload);
    }

    @Override
    public int hashCode() {
        return 31 * Objects.hash(groups, guarantee, isOnlyInPrimary) + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "Message[" + payload.length + " bytes to " + groups + ", " + guarantee
                + (isOnlyInPrimary ? ", only in a primary]" : "]");
    }
}
