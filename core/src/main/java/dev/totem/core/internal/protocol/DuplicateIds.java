/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.internal.message.Origin;

/**
 * Recognises another live process with this node's id ({@code PROTOCOL.md} 8): announcements of one earlier incarnation
 * that go on for {@value #TOKENS} token timeouts without a silence of two, and name ring numbers that this node's storage
 * has never seen and that never fall, as those of a living node. Node loop only.
 *
 * <p>The later of the two stops. Datagrams left over from this node's own former life carry only numbers that its storage
 * knows, so a restart is never taken for a duplicate; single forged or damaged ones prove nothing. Who can forge announcements
 * for that long, having no key to be kept out by, takes the place of the node.
 */
final class DuplicateIds {

    private static final int TOKENS = 3;
    private static final int SIGHTINGS_MIN = 6;

    private final Origin self;
    private final long tokenNanos;
    private long storedRingSeq;
    private long incarnation;
    private long highest;
    private int sightings;
    private long firstNanos;
    private long lastNanos;

    DuplicateIds(Origin self, long tokenNanos) {
        this.self = self;
        this.tokenNanos = tokenNanos;
    }

    /** What storage held when this node started: numbers up to here are its own. */
    void started(long stored) {
        storedRingSeq = stored;
    }

    /**
     * Whether that life began after this one: it stops once it hears a number that its storage has never seen, so this one
     * has to use such a number.
     */
    boolean isLater(Origin other) {
        return other.incarnation() > self.incarnation();
    }

    /** An announcement with this node's id arrived; whether this node has to stop. */
    boolean sighted(Origin other, long ringSeq, long nowNanos) {
        if (other.incarnation() >= self.incarnation() || ringSeq <= storedRingSeq) {
            return false;
        }
        boolean goesOn = sightings > 0
                && other.incarnation() == incarnation
                && ringSeq >= highest
                && nowNanos - lastNanos < 2 * tokenNanos;
        if (!goesOn) {
            sightings = 0;
            firstNanos = nowNanos;
            incarnation = other.incarnation();
        }
        sightings++;
        highest = ringSeq;
        lastNanos = nowNanos;
        return sightings >= SIGHTINGS_MIN && nowNanos - firstNanos >= TOKENS * tokenNanos;
    }
}
