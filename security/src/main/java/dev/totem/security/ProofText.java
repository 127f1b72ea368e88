/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a challenge or an answer says, sealed like everything else. Immutable, any thread.
 *
 * <p>Both are of one length, so that neither is larger than what it answers. 64 bits that are used for two seconds are enough:
 * an answer counts only in a frame of the life that was asked, addressed to the life that asks.
 *
 * @param life whom it is for: a life of the receiver
 * @param challenge what the receiver is to answer with; 0 if nothing is asked
 * @param answer what the receiver has asked; 0 in a challenge
 */
record ProofText(long life, long challenge, long answer) {

    static final int BYTES = 3 * Long.BYTES;

    ByteBuffer encode() {
        return ByteBuffer.allocate(BYTES)
                .putLong(life)
                .putLong(challenge)
                .putLong(answer)
                .flip();
    }

    /** Empty if the length is wrong. */
    static Optional<ProofText> read(byte[] text) {
        if (text.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(text);
        return Optional.of(new ProofText(in.getLong(), in.getLong(), in.getLong()));
    }
}
