/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ChangeCause;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CauseFact;
import dev.totem.core.internal.message.Join;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What led to the next configuration, as this processor noticed it and as Joins told it ({@code PROTOCOL.md} 3.12). Node loop only;
 * for a whole life.
 *
 * <p>All processors keep the same of what all have heard, in whatever order they heard it: of two facts that say the same, that of
 * the lower id, and of too many the last in their order go first. A processor says each of its facts once and never changes it; until a search
 * begins nobody was told, and what is noticed last counts.
 */
final class Causes {

    /** What was noticed on a ring that went on for so many token timeouts did not end it. */
    private static final int FRESH_TOKENS = 2;

    private final NodeId self;
    private final long freshNanos;
    private final TreeMap<Subject, Noted> noted = new TreeMap<>();
    private long leftNanos;

    /** What this processor noticed may have been told to others. */
    private boolean isSearching;

    /** @param seenBy 0 if it does not matter */
    private record Subject(int kind, int about, int seenBy) implements Comparable<Subject> {

        private static final Comparator<Subject> ORDER = Comparator.comparingInt(Subject::kind)
                .thenComparingInt(Subject::about)
                .thenComparingInt(Subject::seenBy);

        static Subject of(CauseFact fact) {
            return new Subject(
                    fact.kind(),
                    fact.about(),
                    CauseKind.isOfOneNode(fact) ? 0 : fact.seenBy().value());
        }

        @Override
        public int compareTo(Subject other) {
            return ORDER.compare(this, other);
        }
    }

    private record Noted(CauseFact fact, long atNanos) {}

    Causes(NodeId self, long tokenNanos) {
        this.self = self;
        freshNanos = FRESH_TOKENS * tokenNanos;
    }

    /** The ring is left, or the first search begins: what was noticed long before has no part in it. */
    void leaving(long nowNanos) {
        leftNanos = nowNanos;
        isSearching = true;
        noted.values().removeIf(earlier -> nowNanos - earlier.atNanos > freshNanos);
    }

    /** When the search began. */
    long leftNanos() {
        return leftNanos;
    }

    void note(CauseFact fact, long nowNanos) {
        Noted known = noted.get(Subject.of(fact));
        if (isSearching && known != null && known.fact.seenBy().compareTo(fact.seenBy()) <= 0) {
            keep(known.fact, nowNanos);
        } else {
            keep(fact, nowNanos);
        }
    }

    /** Somebody who takes part in the search tells what it knows; of what it noticed itself it knows best. */
    void heard(Join join, long nowNanos) {
        for (CauseFact fact : join.causes()) {
            Noted known = noted.get(Subject.of(fact));
            int order = known == null ? -1 : fact.seenBy().compareTo(known.fact.seenBy());
            boolean isFirstHand =
                    fact.seenBy().equals(join.origin().node()) && !fact.seenBy().equals(self);
            if (order < 0 || (order == 0 && isFirstHand)) {
                keep(fact, nowNanos);
            }
        }
    }

    private void keep(CauseFact fact, long nowNanos) {
        noted.put(Subject.of(fact), new Noted(fact, nowNanos));
        if (noted.size() > CauseFact.FACTS_MAX) {
            noted.pollLastEntry();
        }
    }

    /** As they travel. */
    List<CauseFact> facts() {
        return noted.values().stream().map(Noted::fact).toList();
    }

    /** As users are told, what says most first; the same to all who know the same. */
    List<ChangeCause> told() {
        return CauseKind.byWeight(facts()).stream()
                .map(CauseKind::told)
                .flatMap(Optional::stream)
                .toList();
    }

    /** A ring is installed. */
    void forget() {
        noted.clear();
        isSearching = false;
    }
}
