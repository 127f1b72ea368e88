/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

/**
 * The highest number known to be held by every member: the lower of the arus forwarded at the last two visits
 * ({@code PROTOCOL.md} 4.11). Node loop only; one per ring, never carried over.
 */
public final class SafeLine {

    private long forwardedBefore = -1;
    private long line = -1;
    private long lineBefore = -1;

    /** The token leaves this visit with that aru. */
    public void forwarded(long aru) {
        lineBefore = line;
        line = Math.max(line, Math.min(forwardedBefore, aru));
        forwardedBefore = aru;
    }

    public long seq() {
        return line;
    }

    /**
     * Whether this was the line one visit ago, so that it is the line of every member by now. Their visits lie between two of
     * this processor.
     */
    public boolean isEverybodys(long seq) {
        return seq <= lineBefore;
    }
}
