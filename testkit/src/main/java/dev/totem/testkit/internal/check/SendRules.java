/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** S1.3, S1.4, S3, A3 and A4: what is delivered was sent, once, and what was sent is delivered at home. */
final class SendRules {

    private final History history;
    private final Findings findings;

    SendRules(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    void check() {
        for (RingHistory ring : history.rings.values()) {
            for (Known known : ring.messages) {
                wasSent(ring, known);
                deliveredAtHome(ring, known);
            }
        }
        history.processes.values().forEach(this::deliveredOnce);
        history.lives().forEach(this::confirmed);
        for (Known known : history.messages.values()) {
            fate(known);
            if (known.sentRing != null && known.position == null) {
                lostAtHome(known, known.sentRing);
            }
        }
    }

    private void wasSent(RingHistory ring, Known known) {
        if (!known.delivered) {
            return;
        }
        if (known.sentRing != null) {
            findings.count(EvsRule.S1_3);
            if (!known.sentRing.equals(ring.ring)) {
                add(EvsRule.S1_3, "sent on " + known.sentRing, known, ring);
            }
        }
        if (known.asked != null) {
            findings.count(EvsRule.S1_3);
            if (known.hasOtherGuarantee()) {
                add(EvsRule.S1_3, "delivered with another guarantee than it was sent with", known, ring);
            }
        }
        Optional<Life> sender = history.senderLife(known);
        boolean tells = sender.isPresent() && history.submitted.containsKey(sender.get());
        if (tells
                || (sender.isEmpty()
                        && !known.id.isDerived()
                        && !history.livesOf(known.sender).isEmpty())) {
            findings.count(EvsRule.S1_3);
            if (known.earliest() == null) {
                add(EvsRule.S1_3, "nobody sent it", known, ring);
            }
        }
        boolean wasThere = ring.stayOf(known.sender).isPresent();
        List<Life> lives = history.livesOf(known.sender);
        boolean mayBeCut =
                history.options.tailsLost() || lives.isEmpty() || lives.stream().anyMatch(life -> life.tailLost);
        if (!wasThere && !mayBeCut) {
            add(EvsRule.S1_3, "its sender never installed " + ring.ring, known, ring);
        }
    }

    private void deliveredOnce(List<Life> lives) {
        BitSet seen = new BitSet(history.messages.size());
        for (Life life : lives) {
            for (Span span : life.spans) {
                findings.count(EvsRule.S1_4, span.delivered.size());
                for (Known known : span.delivered) {
                    if (seen.get(known.index)) {
                        findings.add(
                                EvsRule.S1_4,
                                "delivered twice",
                                List.of(life),
                                List.of(life.says("DLV " + known.at())));
                    }
                    seen.set(known.index);
                }
            }
        }
    }

    /** S3 by position: whoever delivered it, its sender must have. */
    private void deliveredAtHome(RingHistory ring, Known known) {
        Optional<Stay> home = ring.stayOf(known.sender);
        if (home.isEmpty() || home.get().regular.partial) {
            return;
        }
        Stay stay = home.get();
        boolean delivered = stay.delivered.get(known.rank);
        if (stay.isOver()) {
            findings.count(EvsRule.S3);
            if (!delivered) {
                missedAtHome(EvsRule.S3, stay, known);
            }
        } else if (history.isLiveAtEnd(stay.life())) {
            findings.count(EvsRule.S3_L);
            if (!delivered) {
                missedAtHome(EvsRule.S3_L, stay, known);
            }
        }
    }

    /** S3 by the sender's word: nobody delivered it at all. */
    private void lostAtHome(Known known, RingId on) {
        RingHistory ring = history.rings.get(on);
        Optional<Stay> home = ring == null ? Optional.empty() : ring.stayOf(known.sender);
        if (home.isPresent() && home.get().isOver()) {
            findings.count(EvsRule.S3);
            missedAtHome(EvsRule.S3, home.get(), known);
        }
    }

    private void missedAtHome(EvsRule rule, Stay stay, Known known) {
        List<String> chain = new ArrayList<>();
        chain.add(stay.life().says(stay.regular.conf));
        chain.add(stay.life().says("sent " + known.at()));
        stay.transitionalSpan().ifPresent(span -> {
            chain.add(stay.life().says(span.conf));
            if (span.next != null) {
                chain.add(stay.life().says(span.next.conf));
            }
        });
        findings.add(rule, "not delivered by its sender", List.of(stay.life()), chain);
    }

    private void fate(Known known) {
        if (known.refused()) {
            findings.count(EvsRule.A3);
            Position position = known.position;
            if (known.delivered && position != null) {
                add(EvsRule.A3, "refused and yet delivered", known, history.ring(position.ring()));
            }
        }
        if (known.submitted != null && known.failed == null && history.isLiveAtEnd(known.submitted.life())) {
            findings.count(EvsRule.A4);
            if (!known.confirmed) {
                Life life = known.submitted.life();
                findings.add(EvsRule.A4, "still waiting", List.of(life), List.of(life.says("SUBMIT " + known.at())));
            }
        }
    }

    /** A4 where no log says what was sent: whoever has its own message back has its send completed. */
    private void confirmed(Life life) {
        if (!history.hasConfirmations || !history.isLiveAtEnd(life)) {
            return;
        }
        for (Span span : life.spans) {
            for (Known known : span.delivered) {
                if (known.id.isDerived() && known.sender.equals(life.process())) {
                    findings.count(EvsRule.A4);
                    if (!known.confirmed) {
                        findings.add(
                                EvsRule.A4,
                                "delivered and still waiting",
                                List.of(life),
                                List.of(life.says("DLV " + known.at())));
                    }
                }
            }
        }
    }

    private void add(EvsRule rule, String what, Known known, RingHistory ring) {
        List<Life> where = new ArrayList<>();
        List<String> chain = new ArrayList<>();
        if (known.submitted != null) {
            chain.add(known.submitted.life().says("SUBMIT " + known.id));
        }
        ring.stays.stream()
                .filter(stay -> stay.delivered.get(known.rank))
                .findFirst()
                .ifPresent(stay -> {
                    where.add(stay.life());
                    chain.add(stay.life().says("DLV " + known.at()));
                });
        findings.add(rule, what, where, chain);
    }

    /** Lives of these processes, for a violation's list. */
    static List<Life> last(History history, List<NodeId> processes) {
        return processes.stream()
                .map(history::livesOf)
                .filter(lives -> !lives.isEmpty())
                .map(lives -> lives.get(lives.size() - 1))
                .toList();
    }
}
