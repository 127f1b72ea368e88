/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A message to send: payload, groups and guarantee. Immutable, any thread.
 *
 * <p>The payload array is not copied: it must not be written until the send has ended.
 *
 * @param groups where it goes; empty means all groups that the sending handle has joined when it is sent
 * @param guarantee what is asked of its delivery
 * @param payload 0 bytes to the configured maximum (1 MiB by default)
 */
public record Message(List<GroupName> groups, Guarantee guarantee, byte[] payload) {

    private static final byte[] EMPTY = {};

    public Message {
        groups = List.copyOf(groups);
        Objects.requireNonNull(guarantee, "guarantee");
        Objects.requireNonNull(payload, "payload");
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
        return new Message(
                Stream.concat(Stream.of(first), Stream.of(more))
                        .map(GroupName::of)
                        .toList(),
                Guarantee.AGREED,
                EMPTY);
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

    public Message payload(byte[] bytes) {
        return new Message(groups, guarantee, bytes);
    }

    public Message payload(ByteBuffer bytes) {
        return payload(bytes(bytes));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }

    @Override
    public String toString() {
        return "Message[" + payload.length + " bytes to " + groups + ", " + guarantee + "]";
    }
}
