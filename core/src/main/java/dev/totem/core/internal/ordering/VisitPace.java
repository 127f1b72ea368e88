/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

/**
 * How many new messages a visit may originate so that the token comes around in time. Node loop only; one per ring.
 *
 * <p>Ours: {@code PROTOCOL.md} 4.6 bounds a visit by a setting alone. A member that seals slowly (a JVM that has just
 * started, a machine that is busy) could keep the token longer than the token timeout. So the bound starts low, doubles
 * while rotations are short, and halves when one is long.
 */
public final class VisitPace {

    private static final int FRAMES_AT_START = 8;

    private final int framesMax;
    private final long rotationMaxNanos;
    private int frames;

    /**
     * @param framesMax the visit limit
     * @param rotationMaxNanos rotations above this are long; those below half of it are short
     */
    public VisitPace(int framesMax, long rotationMaxNanos) {
        this.framesMax = framesMax;
        this.rotationMaxNanos = rotationMaxNanos;
        frames = Math.min(framesMax, FRAMES_AT_START);
    }

    /** The token has come around in this time. */
    public void rotated(long nanos) {
        if (nanos > rotationMaxNanos) {
            frames = Math.max(1, frames / 2);
        } else if (nanos < rotationMaxNanos / 2) {
            frames = Math.min(framesMax, frames * 2);
        }
    }

    /** New messages for the next visit, at least one. */
    public int frames() {
        return frames;
    }
}
