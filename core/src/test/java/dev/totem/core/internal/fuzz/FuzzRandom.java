/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.fuzz;

import java.util.Arrays;
import java.util.Random;

/**
 * Chance that a fuzzer steers: draws its bits from an input and goes on with seeded ones when that is used up. So the
 * generators of the other tests build structured inputs, and what the fuzzer changes changes a field and not a checksum.
 */
public final class FuzzRandom extends Random {

    private static final long serialVersionUID = 1L;

    private final byte[] input;
    private int at;

    public FuzzRandom(byte[] input, int from) {
        super(input.length);
        this.input = input;
        this.at = from;
    }

    @Override
    protected int next(int bits) {
        if (input == null || at >= input.length) {
            return super.next(bits);
        }
        int drawn = 0;
        for (int drawnBits = 0; drawnBits < bits && at < input.length; drawnBits += Byte.SIZE) {
            drawn = (drawn << Byte.SIZE) | (input[at++] & 0xFF);
        }
        return bits == Integer.SIZE ? drawn : drawn & ((1 << bits) - 1);
    }

    /** Overwrites, cuts or lengthens here and there, or nothing. */
    public byte[] corrupt(byte[] valid) {
        byte[] bytes = valid.clone();
        for (int edits = nextInt(4); edits > 0 && bytes.length > 0; edits--) {
            int where = nextInt(bytes.length);
            switch (nextInt(6)) {
                case 0 -> bytes[where] ^= (byte) (1 << nextInt(Byte.SIZE));
                case 1 -> bytes[where] = (byte) nextInt(256);
                case 2 -> bytes[where] = (byte) (nextBoolean() ? 0xFF : 0);
                case 3 -> {
                    for (int i = where; i < Math.min(bytes.length, where + Long.BYTES); i++) {
                        bytes[i] = (byte) nextInt(256);
                    }
                }
                case 4 -> bytes = Arrays.copyOf(bytes, where);
                default -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + nextInt(16));
            }
        }
        return bytes;
    }
}
