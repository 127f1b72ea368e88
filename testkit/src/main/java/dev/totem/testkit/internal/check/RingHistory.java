/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One ring: who was on it, and what anybody delivered of it, in order. One thread. */
final class RingHistory {

    final RingId ring;
    final List<Stay> stays = new ArrayList<>();

    /** Everything delivered by anybody or confirmed to its sender, by position; the index is the rank. */
    final List<Known> messages = new ArrayList<>();

    RingHistory(RingId ring) {
        this.ring = ring;
    }

    void rank() {
        messages.sort(Comparator.comparing(known -> Objects.requireNonNull(known.position)));
        for (int rank = 0; rank < messages.size(); rank++) {
            messages.get(rank).rank = rank;
        }
        for (Stay stay : stays) {
            mark(stay.regular, stay);
            stay.transitionalSpan().ifPresent(span -> mark(span, stay));
        }
    }

    private void mark(Span span, Stay stay) {
        for (Known known : span.delivered) {
            if (known.position != null && known.position.ring().equals(ring)) {
                stay.delivered.set(known.rank);
                if (span.isRegular()) {
                    stay.deliveredRegular.set(known.rank);
                }
            }
        }
    }

    Optional<Stay> stayOf(NodeId process) {
        return stays.stream()
                .filter(stay -> stay.life().process().equals(process))
                .findFirst();
    }
}
