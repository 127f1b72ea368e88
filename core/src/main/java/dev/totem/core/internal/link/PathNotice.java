/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A frame of a certain size, which says nothing but that it has arrived; or that one has ({@code docs/WIRE.md}). Immutable, any
 * thread.
 *
 * @param kind what it is
 * @param number of the probe, as its sender counts them; of which size it was is known to nobody else
 */
record PathNotice(Kind kind, long number) {

    static final int BYTES = 2 + Long.BYTES;

    private static final byte MARK = (byte) 0xA7;

    enum Kind {
        PROBE,
        CONFIRMED
    }

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        return out.put(MARK).put((byte) kind.ordinal()).putLong(number).flip();
    }

    /** Empty if it is a notice of another kind. What follows means nothing. */
    static Optional<PathNotice> read(ByteBuffer notice) {
        int at = notice.position();
        if (notice.remaining() < BYTES || notice.get(at) != MARK) {
            return Optional.empty();
        }
        int kind = notice.get(at + 1);
        return kind < 0 || kind >= Kind.values().length
                ? Optional.empty()
                : Optional.of(new PathNotice(Kind.values()[kind], notice.getLong(at + 2)));
    }
}
