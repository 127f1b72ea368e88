/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import dev.totem.core.internal.fuzz.FuzzRandom;

/** Nodes in a live ring under load, to which an input says which fields of which messages are spoiled, and to what. */
public final class LiveRingFuzz {

    private LiveRingFuzz() {}

    /** One execution; throws what it finds. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String failure = HostileRing.run(input[0], new FuzzRandom(input, 1));
        if (!failure.isEmpty()) {
            throw new AssertionError(failure);
        }
    }
}
