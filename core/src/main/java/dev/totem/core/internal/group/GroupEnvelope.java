/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.internal.packing.MessageBytes;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a message goes and what goes beside its body, written before the body ({@code PROTOCOL.md} 6.5). Immutable, any thread.
 *
 * <p>u16 count (big-endian, from 1 to {@link #GROUPS_MAX}), then for each group u8 length (1 to 128) and its name in UTF-8;
 * the body is what follows. With recipients or headers: u8 253, which no count begins with; u16 count of groups and the groups; u16
 * count of recipients, of each i32 node, i64 life, i32 handle; u8 count of headers, of each u8 length and the name, u16 length and
 * the value, ascending by name.
 */
public record GroupEnvelope(List<GroupName> groups, List<MemberId> recipients, SortedMap<String, String> headers) {

    /** Groups one message can name: more than anybody lists, and the envelope stays small beside a large body. */
    public static final int GROUPS_MAX = Message.GROUPS_MAX;

    static final int MARK = 0xFD;

    private static final SortedMap<String, String> NO_HEADERS = Collections.unmodifiableSortedMap(new TreeMap<>());
    private static final int COUNT_BYTES = 2;
    private static final int MEMBER_BYTES = 2 * Integer.BYTES + Long.BYTES;
    private static final int HEADER_LENGTHS_BYTES = 3;

    /** The largest envelope. */
    public static final int BYTES_MAX = 2
            + 2 * COUNT_BYTES
            + GROUPS_MAX * (1 + GroupName.BYTES_MAX)
            + Message.RECIPIENTS_MAX * MEMBER_BYTES
            + Message.HEADERS_MAX * HEADER_LENGTHS_BYTES
            + Message.HEADER_BYTES_MAX;

    public GroupEnvelope {
        if (groups.size() > GROUPS_MAX || (groups.isEmpty() && recipients.isEmpty())) {
            throw new IllegalArgumentException(
                    "a message names 1 to " + GROUPS_MAX + " groups or a member, not " + groups.size());
        }
        groups = List.copyOf(groups);
        recipients = List.copyOf(recipients);
    }

    /** Of a message without headers to groups. */
    public GroupEnvelope(List<GroupName> groups) {
        this(groups, List.of(), NO_HEADERS);
    }

    private boolean isPlain() {
        return recipients.isEmpty() && headers.isEmpty();
    }

    public byte[] encode() {
        NoticeBytes out = new NoticeBytes();
        if (!isPlain()) {
            out.u8(MARK);
        }
        out.u16(groups.size());
        groups.forEach(group -> out.text(group.value()));
        if (!isPlain()) {
            out.u16(recipients.size());
            recipients.forEach(
                    member -> out.i32(member.node().value()).i64(member.life()).i32(member.handle()));
            out.u8(headers.size());
            headers.forEach((name, value) -> out.text(name).longText(value));
        }
        return out.array();
    }

    /** Reads an envelope and leaves the body; empty if the bytes are not one. */
    public static Optional<GroupEnvelope> decode(MessageBytes message) {
        try {
            return Optional.of(new EnvelopeReader(message).read());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** With what the mark announces. */
    static GroupEnvelope of(List<GroupName> groups, List<MemberId> recipients, SortedMap<String, String> headers) {
        boolean isBoth = !groups.isEmpty() && !recipients.isEmpty();
        if (isBoth || (recipients.isEmpty() && headers.isEmpty())) {
            throw new IllegalArgumentException("groups or members, and something beside the groups");
        }
        // The limits are those of messages.
        Message checked = new Message(List.of(), recipients, Guarantee.AGREED, false, headers, new byte[0]);
        return new GroupEnvelope(groups, checked.recipients(), checked.headers());
    }
}
