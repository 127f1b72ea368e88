/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A message to send: payload, groups and guarantee. Immutable, any thread. Two are equal if all of that is, the bytes of the
 * payload included.
 *
 * <p>A payload array is not copied, here or by {@link #payload()}: it belongs to the message and must not be written until
 * its sends have ended. The bytes of a buffer are copied.
 *
 * @param groups where it goes; empty, without recipients, means all groups that the sending handle has joined when it is sent; at
 *     most {@link #GROUPS_MAX}
 * @param recipients where it goes instead of groups; at most {@link #RECIPIENTS_MAX}
 * @param guarantee what is asked of its delivery
 * @param isOnlyInPrimary whether it is ordered in primary configurations only
 * @param headers short named texts beside the payload, by name
 * @param payload 0 bytes to the configured maximum (1 MiB by default)
 */
public record Message(
        List<GroupName> groups,
        List<MemberId> recipients,
        Guarantee guarantee,
        boolean isOnlyInPrimary,
        SortedMap<String, String> headers,
        byte[] payload) {

    /** The most groups that one message can name, or that a handle can have joined when it sends to all of them. */
    public static final int GROUPS_MAX = 4_096;

    /** The most members that one message can be addressed to. */
    public static final int RECIPIENTS_MAX = 1_024;

    /** The most headers of one message. */
    public static final int HEADERS_MAX = 16;

    /** The longest name of a header, bytes of UTF-8. */
    public static final int HEADER_NAME_BYTES_MAX = 64;

    /** Names and values of all headers of one message, bytes of UTF-8. */
    public static final int HEADER_BYTES_MAX = 4_096;

    private static final byte[] EMPTY = {};

    public Message {
        requireNonNull(groups, "groups");
        requireNonNull(recipients, "recipients");
        requireNonNull(guarantee, "guarantee");
        requireNonNull(payload, "payload");
        groups = List.copyOf(groups);
        recipients = List.copyOf(recipients);
        headers = Headers.copy(headers);
        for (GroupName group : groups) {
            // Fails here where a list was built past the compiler, and not where the message is sent.
            requireNonNull(group, "groups");
        }
        if (groups.size() > GROUPS_MAX) {
            throw new ConfigurationException(
                    "groups", String.valueOf(groups.size()), "a message names at most " + GROUPS_MAX + " groups");
        }
        if (recipients.size() > RECIPIENTS_MAX) {
            throw new ConfigurationException(
                    "recipients",
                    String.valueOf(recipients.size()),
                    "a message is addressed to at most " + RECIPIENTS_MAX + " members; join them in a group");
        }
        if (!recipients.isEmpty() && !groups.isEmpty()) {
            throw new ConfigurationException(
                    "recipients", recipients + " and " + groups, "a message goes to members or to groups: send two");
        }
    }

    /** A message that is ordered in any configuration. */
    public Message(List<GroupName> groups, Guarantee guarantee, byte[] payload) {
        this(groups, List.of(), guarantee, false, Headers.none(), payload);
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

    /**
     * An empty {@link Guarantee#AGREED} message to these members, whatever groups they are in. It has its place in the one order like
     * any other; who is gone, or is not in the sender's configuration, does not get it.
     */
    public static Message to(MemberId first, MemberId... more) {
        List<MemberId> recipients = new ArrayList<>();
        recipients.add(requireNonNull(first, "first"));
        for (MemberId member : requireNonNull(more, "more")) {
            recipients.add(requireNonNull(member, "more"));
        }
        return new Message(List.of(), recipients, Guarantee.AGREED, false, Headers.none(), EMPTY);
    }

    /**
     * The same with one header more, or another value of it; receivers have it in {@link Delivery#headers()}.
     *
     * @param name 1 to {@link #HEADER_NAME_BYTES_MAX} bytes of UTF-8
     * @throws ConfigurationException if the message then has more than {@link #HEADERS_MAX} headers, or all of them together
     *     more than {@link #HEADER_BYTES_MAX} bytes
     */
    public Message header(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(headers);
        more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
        return new Message(groups, recipients, guarantee, isOnlyInPrimary, more, payload);
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
        return new Message(groups, recipients, asked, isOnlyInPrimary, headers, payload);
    }

    /**
     * The same, ordered only where the nodes' {@link Quorum} lets this part decide. Elsewhere the send is refused, at once or when
     * the part loses its quorum before the message was ordered ({@link SendFailedException.Fate#REFUSED}, with the votes). If it
     * was ordered in a primary that breaks before it was delivered there, the send fails with {@link
     * SendFailedException.Fate#TRANSITIONAL}, which says where it was delivered. Without a quorum every part may decide.
     */
    public Message onlyInPrimary() {
        return new Message(groups, recipients, guarantee, true, headers, payload);
    }

    public Message payload(byte[] payload) {
        return new Message(groups, recipients, guarantee, isOnlyInPrimary, headers, payload);
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
                && recipients.equals(message.recipients)
                && guarantee == message.guarantee
                && isOnlyInPrimary == message.isOnlyInPrimary
                && headers.equals(message.headers)
                && Arrays.equals(payload, message.payload);
    }

    @Override
    public int hashCode() {
        return 31 * Objects.hash(groups, recipients, guarantee, isOnlyInPrimary, headers) + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "Message[" + payload.length + " bytes to " + (recipients.isEmpty() ? groups : recipients) + ", "
                + guarantee
                + (headers.isEmpty() ? "" : ", headers " + headers.keySet())
                + (isOnlyInPrimary ? ", only in a primary]" : "]");
    }
}
