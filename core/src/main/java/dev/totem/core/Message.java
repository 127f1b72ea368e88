/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

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
 * @param payload 0 bytes to the configured maximum (1 MiB by default)
 */
public record Message(List<GroupName> groups, Guarantee guarantee, byte[] payload) {

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
        return new Message(groups, Guarantee.FIFO, payload);
    }

    public Message agreed() {
        return new Message(groups, Guarantee.AGREED, payload);
    }

    public Message safe() {
        return new Message(groups, Guarantee.SAFE, payload);
    }

    public Message payload(byte[] payload) {
        return new Message(groups, guarantee, payload);
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
                && Arrays.equals(payload, message.payload);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * groups.hashCode() + guarantee.hashCode()) + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "Message[" + payload.length + " bytes to " + groups + ", " + guarantee + "]";
    }
}
