/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.settings.WireVersions;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/** What every message begins with: its kind, the version of the format and its origin. Any thread. */
final class FrameHeader {

    static final int BYTES = 2 * Byte.BYTES + WireFields.ORIGIN_BYTES;

    /** All layouts are of this version. */
    static final byte VERSION = (byte) WireVersions.FIRST;

    /* Zero is no type, so a buffer of zeros is no message. */
    static final byte REGULAR_MESSAGE = 1;
    static final byte RECOVERED_MESSAGE = 2;
    static final byte REGULAR_TOKEN = 3;
    static final byte COMMIT_TOKEN = 4;
    static final byte JOIN = 5;
    static final byte LEAVE = 6;
    static final byte MERGE_DETECT = 7;
    static final byte HOLD_CANCEL = 8;

    /** No message of its own: {@link MessagePart}. */
    static final byte PART = 9;

    /** Not the protocol's: {@link LinkNotice}. */
    static final byte LINK_NOTICE = 10;

    private FrameHeader() {}

    /**
     * Writes the header of a message.
     *
     * @param messageBytes length of the whole message, for which there must be room
     */
    static void put(ByteBuffer target, byte type, Origin origin, int messageBytes) {
        if (target.remaining() < messageBytes) {
            throw new BufferOverflowException();
        }
        target.put(type).put(VERSION);
        WireFields.putOrigin(target, origin);
    }

    /** Reads up to the origin, and returns the type, which may be unknown. */
    static byte getType(ByteBuffer in) throws MalformedMessageException {
        WireFields.requireAtLeast(in, BYTES);
        byte type = in.get();
        if (in.get() != VERSION) {
            throw MalformedMessageException.VERSION;
        }
        return type;
    }
}
