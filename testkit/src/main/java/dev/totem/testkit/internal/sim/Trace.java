/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

/** A rolling hash of everything that happens: two runs with the same digest were the same. One thread. */
final class Trace {

    private long digest = 0x9E3779B97F4A7C15L;

    void add(long one, long two) {
        mix(one);
        mix(two);
    }

    void add(String text) {
        mix(text.hashCode());
    }

    long digest() {
        return digest;
    }

    private void mix(long value) {
        long mixed = (digest ^ value) * 0xBF58476D1CE4E5B9L;
        digest = Long.rotateLeft(mixed, 29) ^ (mixed >>> 32);
    }
}
