/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a node says on one network again and again, with the same number on each: who hears it on one and not on the other knows
 * which does not work ({@code docs/WIRE.md}). Immutable, any thread.
 *
 * @param network where it was sent, from 0
 * @param faulty a bit for each network that does not work as far as the sender hears
 * @param life tells the sender's lives apart
 * @param number counts up by one
 */
record Beat(int network, int faulty, long life, long number) {

    /** With what follows, long enough for a stranger to be asked for a proof. */
    static final int BYTES = 40;

    private static final byte MARK = (byte) 0xB7;
    private static final int PADDING_BYTES = BYTES - 3 - 2 * Long.BYTES;

    void write(ByteBuffer out) {
        out.put(MARK).put((byte) network).put((byte) faulty).putLong(life).putLong(number);
        out.put(new byte[PADDING_BYTES]);
    }

    /** The beat at the position, which moves past it; empty, and unmoved, if there is none. */
    static Optional<Beat> read(ByteBuffer in) {
        if (in.remaining() < BYTES || in.get(in.position()) != MARK) {
            return Optional.empty();
        }
        int at = in.position();
        int end = at + BYTES;
        in.position(at + 1);
        Beat beat = new Beat(in.get(), in.get(), in.getLong(), in.getLong());
        in.position(end);
        return Optional.of(beat);
    }
}
