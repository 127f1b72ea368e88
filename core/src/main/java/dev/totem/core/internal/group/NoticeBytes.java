/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.GroupName;
import dev.totem.core.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields of notices; what is none is refused with {@link IllegalArgumentException}. Node loop only. */
final class NoticeBytes {

    private static final int FIRST_BYTES = 64;
    private static final int VARINT_BITS = 7;
    private static final int VARINT_BYTES_MAX = 5;

    private ByteBuffer out = ByteBuffer.allocate(FIRST_BYTES);

    int size() {
        return out.position();
    }

    byte[] array() {
        return Arrays.copyOf(out.array(), out.position());
    }

    NoticeBytes u8(int value) {
        room(Byte.BYTES).put((byte) value);
        return this;
    }

    NoticeBytes u16(int value) {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    NoticeBytes i32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    NoticeBytes i64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    /** Seven bits a byte, the lowest first. */
    NoticeBytes varint(int value) {
        int rest = value;
        while (rest >>> VARINT_BITS != 0) {
            u8((rest & 0x7F) | 0x80);
            rest >>>= VARINT_BITS;
        }
        return u8(rest);
    }

    /** At most 255 bytes of UTF-8 behind their number. */
    NoticeBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        u8(utf8.length);
        room(utf8.length).put(utf8);
        return this;
    }

    /** At most 65,535 bytes of UTF-8 behind their number. */
    NoticeBytes longText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        u16(utf8.length);
        room(utf8.length).put(utf8);
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            out = ByteBuffer.allocate(2 * (out.position() + bytes)).put(out.flip());
        }
        return out;
    }

    static int u8(ByteBuffer in) {
        return Byte.toUnsignedInt(in.get());
    }

    static int u16(ByteBuffer in) {
        return Short.toUnsignedInt(in.getShort());
    }

    static int varint(ByteBuffer in) {
        int value = 0;
        for (int i = 0; i < VARINT_BYTES_MAX; i++) {
            int next = u8(in);
            value |= (next & 0x7F) << (i * VARINT_BITS);
            if (next < 0x80) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than " + VARINT_BYTES_MAX + " bytes");
    }

    static String text(ByteBuffer in) {
        return text(in, u8(in));
    }

    private static String text(ByteBuffer in, int length) {
        byte[] utf8 = new byte[length];
        in.get(utf8);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new IllegalArgumentException("not UTF-8", notUtf8);
        }
    }

    static GroupName group(ByteBuffer in) {
        int length = u8(in);
        if (length < 1 || length > GroupName.BYTES_MAX) {
            throw new IllegalArgumentException("a group name of " + length + " bytes");
        }
        return GroupName.of(text(in, length));
    }

    static NodeId node(ByteBuffer in) {
        int id = in.getInt();
        if (id < 1) {
            throw new IllegalArgumentException("a node id of " + id);
        }
        return NodeId.of(id);
    }
}
