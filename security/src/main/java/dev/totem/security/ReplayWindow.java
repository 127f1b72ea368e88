/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

/**
 * Which counters of one sender were seen: all up to a floor, and each above it once. Node loop only.
 *
 * <p>Counters that lag behind the highest by {@link #FRAMES} or more count as seen. So many frames may overtake another: what
 * a node sent to all before a token waits in another socket than the token, and both are read in batches.
 */
final class ReplayWindow {

    private static final int WORDS = 256;

    /** How far a frame may be overtaken: a little less than the bits there are, as whole words are reused. */
    static final int FRAMES = (WORDS - 1) * Long.SIZE;

    private final long[] seen = new long[WORDS];
    private final long floor;
    private long highest;

    /** @param floor the highest counter that was seen; none below it counts as fresh */
    ReplayWindow(long floor) {
        this.floor = floor;
        this.highest = floor;
    }

    long highest() {
        return highest;
    }

    boolean isFresh(long counter) {
        if (counter > highest) {
            return true;
        }
        return counter > floor && highest - counter < FRAMES && (seen[word(counter)] & 1L << counter) == 0;
    }

    /** A frame with a fresh counter was authentic. */
    void mark(long counter) {
        if (counter > highest) {
            long words = (counter >>> 6) - (highest >>> 6);
            for (long passed = 1; passed <= Math.min(words, WORDS); passed++) {
                seen[(int) ((highest >>> 6) + passed) & WORDS - 1] = 0;
            }
            highest = counter;
        }
        seen[word(counter)] |= 1L << counter;
    }

    private static int word(long counter) {
        return (int) (counter >>> 6) & WORDS - 1;
    }
}
