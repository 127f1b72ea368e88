/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import java.nio.ByteBuffer;
import java.util.Arrays;
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
        PROBE(0),
        CONFIRMED(1);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static Optional<Kind> of(byte code) {
            return Arrays.stream(values()).filter(kind -> kind.code == code).findFirst();
        }
    }

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        return out.put(MARK).put(kind.code).putLong(number).flip();
    }

    /** Empty if it is a notice of another kind. What follows means nothing. */
    static Optional<PathNotice> read(ByteBuffer notice) {
        int at = notice.position();
        if (notice.remaining() < BYTES || notice.get(at) != MARK) {
            return Optional.empty();
        }
        long number = notice.getLong(at + 2);
        return Kind.of(notice.get(at + 1)).map(kind -> new PathNotice(kind, number));
    }
}
