/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.NodeId;
import java.util.Comparator;

/**
 * Something that led to a search for the next ring, as it travels in a Join. Immutable, any thread.
 *
 * <p>In the order of its kind, whom it is about, and who noticed it; what follows depends on the kind. A reader passes on kinds that
 * it does not know.
 *
 * @param kind which kind, 1 to 255
 * @param detail 0 to 255
 * @param seenBy who noticed it
 * @param about the id of another node, or 0
 * @param first from 0
 * @param second from 0
 */
public record CauseFact(int kind, int detail, NodeId seenBy, int about, long first, long second)
        implements Comparable<CauseFact> {

    /** Most facts that a Join carries. */
    public static final int FACTS_MAX = 16;

    private static final Comparator<CauseFact> ORDER = Comparator.comparingInt(CauseFact::kind)
            .thenComparingInt(CauseFact::about)
            .thenComparing(CauseFact::seenBy);

    /** Equal of two that differ in their values only. */
    @Override
    public int compareTo(CauseFact other) {
        return ORDER.compare(this, other);
    }
}
