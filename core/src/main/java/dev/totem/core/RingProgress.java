/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far the order of a ring is, as one member knows it at a moment. Immutable, any thread.
 *
 * <p>Numbers are those of frames in the ring's order, from 1; a new ring begins anew. In a ring in which nobody sends all but
 * {@code sent} become the same.
 *
 * @param ring whose numbers they are
 * @param highest the highest that the member has heard of
 * @param received it has everything up to here
 * @param safe it knows that all members have everything up to here
 * @param delivered it has handed everything up to here to its subscribers' queues
 * @param sent the highest that came from each member; members of which nothing came in this ring are not in it
 */
public record RingProgress(
        RingId ring, long highest, long received, long safe, long delivered, SortedMap<NodeId, Long> sent) {

    public RingProgress {
        requireNonNull(ring, "ring");
        sent = Collections.unmodifiableSortedMap(new TreeMap<>(requireNonNull(sent, "sent")));
    }
}
