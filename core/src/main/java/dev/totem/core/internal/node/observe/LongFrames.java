/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import java.util.OptionalInt;

/**
 * Whether long frames get through: if they do not, what is missing stays missing while the token goes round, and none of the frames that
 * come meanwhile is a long one. Node loop only.
 */
final class LongFrames {

    private static final long NEVER = Long.MIN_VALUE;

    private final int longBytes;
    private final long patienceNanos;
    private long stuckNanos = NEVER;
    private int longest;

    /** @param frameBytesMax how long frames may be */
    LongFrames(int frameBytesMax, long patienceNanos) {
        longBytes = frameBytesMax - frameBytesMax / 8;
        this.patienceNanos = patienceNanos;
    }

    /** A frame came in. */
    void read(int bytes) {
        longest = Math.max(longest, bytes);
    }

    /** What was missing is there. */
    void delivered() {
        stuckNanos = NEVER;
    }

    /**
     * The token was here.
     *
     * @param requested how many frames were asked for again
     * @return the longest frame that came since something is missing, if none is long and that has lasted
     */
    OptionalInt visited(int requested, long nowNanos) {
        if (requested == 0) {
            stuckNanos = NEVER;
        } else if (stuckNanos == NEVER) {
            stuckNanos = nowNanos;
            longest = 0;
        } else if (nowNanos - stuckNanos >= patienceNanos && longest < longBytes) {
            return OptionalInt.of(longest);
        }
        return OptionalInt.empty();
    }
}
