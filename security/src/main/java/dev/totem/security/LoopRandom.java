/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.security.DrbgParameters;
import java.security.DrbgParameters.Capability;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Randomness that the loop may ask for: seeded by the system once, before the loop runs; a read of a file would block it. */
final class LoopRandom {

    private static final int STRENGTH_BITS = 256;

    private LoopRandom() {}

    /** Reads from the system, which blocks. */
    static SecureRandom create() {
        try {
            SecureRandom random = SecureRandom.getInstance(
                    "DRBG", DrbgParameters.instantiation(STRENGTH_BITS, Capability.NONE, null));
            random.nextBytes(new byte[1]);
            return random;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM from 9 on has the algorithm DRBG", e);
        }
    }
}
