/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import java.util.Random;

/** Nodes in a live ring under load, to which an input says which fields of which messages are spoiled, and to what. */
public final class LiveRingFuzz {

    private LiveRingFuzz() {}

    /** One execution; throws what it finds. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String failure = HostileRing.run(input[0], new Steered(input));
        if (!failure.isEmpty()) {
            throw new AssertionError(failure);
        }
    }

    /** Chance that draws its bits from the input behind its first byte, and goes on with seeded ones. */
    private static final class Steered extends Random {

        private static final long serialVersionUID = 1L;

        private final byte[] input;
        private int at = 1;

        Steered(byte[] input) {
            super(input.length);
            this.input = input;
        }

        @Override
        protected int next(int bits) {
            if (at >= input.length) {
                return super.next(bits);
            }
            int drawn = 0;
            for (int drawnBits = 0; drawnBits < bits && at < input.length; drawnBits += Byte.SIZE) {
                drawn = (drawn << Byte.SIZE) | (input[at++] & 0xFF);
            }
            return bits == Integer.SIZE ? drawn : drawn & ((1 << bits) - 1);
        }
    }
}
