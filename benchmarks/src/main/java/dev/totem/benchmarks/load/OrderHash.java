/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import java.util.HexFormat;

/** A rolling hash of who sent what in which order: equal for two nodes just if they were delivered the same. One thread. */
final class OrderHash {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private long hash = 1;
    private long total;

    /** @param counter the sender's own count of its messages */
    void add(int sender, long counter) {
        long event = (counter + 1) * MULTIPLIER ^ Long.rotateLeft(sender * MULTIPLIER, 32);
        hash = (hash ^ (event ^ event >>> 29)) * MULTIPLIER;
        hash ^= hash >>> 32;
        total++;
    }

    long total() {
        return total;
    }

    String hex() {
        return HexFormat.of().toHexDigits(hash);
    }
}
