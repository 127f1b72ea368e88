/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.internal.message.Origin;

/**
 * Recognises another live process with this node's id ({@code protocol.md} 8): announcements of an earlier incarnation
 * that go on for a token timeout and name ring numbers this node's storage has never seen. Node loop only.
 *
 * <p>The later of the two stops. Datagrams left over from this node's own former life carry only numbers that its storage
 * knows, so a restart is never taken for a duplicate.
 */
final class DuplicateIds {

    private static final int SIGHTINGS_MIN = 3;

    private final Origin self;
    private final long floorNanos;
    private long storedRingSeq;
    private int sightings;
    private long firstNanos;

    DuplicateIds(Origin self, long tokenNanos) {
        this.self = self;
        floorNanos = tokenNanos;
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
        if (sightings++ == 0) {
            firstNanos = nowNanos;
        }
        return sightings >= SIGHTINGS_MIN && nowNanos - firstNanos >= floorNanos;
    }
}
