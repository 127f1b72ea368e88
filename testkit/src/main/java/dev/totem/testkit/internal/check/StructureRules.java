/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** ST2 to ST8 and the table of positions of ST10: what the configurations of the logs look like beside each other. */
final class StructureRules {

    private final History history;
    private final Findings findings;
    private final Map<RingId, Map<NodeId, RingId>> predecessors;

    StructureRules(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
        this.predecessors = history.predecessors();
    }

    void check() {
        for (Life life : history.lives()) {
            life.spans.forEach(this::membership);
        }
        sameMembers();
        sameCompanions();
        history.processes.values().forEach(this::growingRings);
        onePositionOneMessage();
    }

    private void membership(Span span) {
        Life life = span.life;
        findings.count(EvsRule.ST3);
        if (!span.conf.members().contains(life.process())) {
            findings.add(EvsRule.ST3, "not a member", List.of(life), List.of(life.says(span.conf)));
        }
        if (span.number == 0) {
            return;
        }
        Span before = life.spans.get(span.number - 1);
        findings.count(EvsRule.ST2);
        if (before.isRegular() == span.isRegular()) {
            findings.add(EvsRule.ST2, "two of a kind in a row", List.of(life), pair(before, span));
            return;
        }
        findings.count(EvsRule.ST6);
        findings.count(EvsRule.ST8);
        List<NodeId> part = span.isRegular() ? before.conf.members() : span.conf.members();
        List<NodeId> whole = span.isRegular() ? span.conf.members() : before.conf.members();
        if (!whole.containsAll(part)) {
            findings.add(EvsRule.ST6, "not a part of the regular one", List.of(life), pair(before, span));
        }
        TreeSet<NodeId> rest = new TreeSet<>(whole);
        rest.removeAll(part);
        List<NodeId> said = span.isRegular() ? span.conf.joined() : span.conf.left();
        List<NodeId> other = span.isRegular() ? span.conf.left() : span.conf.joined();
        if (!new TreeSet<>(said).equals(rest) || !other.isEmpty()) {
            String word = span.isRegular() ? "joined" : "left";
            findings.add(EvsRule.ST8, word + " " + said + ", not " + rest, List.of(life), pair(before, span));
        }
        if (!span.isRegular() && !before.conf.ring().equals(span.conf.ring())) {
            findings.add(EvsRule.ST2, "a transitional one of another ring", List.of(life), pair(before, span));
        }
        if (span.isRegular()) {
            companions(before, span);
        }
    }

    /** ST7: who came from the same ring is in the transitional configuration, and nobody else. */
    private void companions(Span transitional, Span regular) {
        Map<NodeId, RingId> from = predecessors.getOrDefault(regular.conf.ring(), Map.of());
        for (NodeId other : regular.conf.members()) {
            RingId origin = from.get(other);
            if (origin == null) {
                continue;
            }
            findings.count(EvsRule.ST7);
            boolean together = origin.equals(transitional.conf.ring());
            if (together != transitional.conf.members().contains(other)) {
                String what = other + " came from " + origin + (together ? " and is missing" : " and is in it");
                findings.add(EvsRule.ST7, what, List.of(regular.life), pair(transitional, regular));
            }
        }
    }

    private void sameMembers() {
        Map<RingId, Span> first = new HashMap<>();
        for (RingHistory ring : history.rings.values()) {
            for (Stay stay : ring.stays) {
                Span span = stay.regular;
                Span other = first.putIfAbsent(ring.ring, span);
                findings.count(EvsRule.ST4);
                if (other != null && !other.conf.members().equals(span.conf.members())) {
                    findings.add(
                            EvsRule.ST4,
                            "different members",
                            List.of(other.life, span.life),
                            List.of(other.life.says(other.conf), span.life.says(span.conf)));
                }
            }
        }
    }

    /**
     * Two processes of one ring that go to one other ring do so together: each has the other in its transitional
     * configuration or neither has, also if one of them never gets to the ring.
     */
    private void sameCompanions() {
        Map<Passage, Span> first = new HashMap<>();
        for (Life life : history.lives()) {
            for (Span span : life.spans) {
                Optional<RingId> successor = span.key().successor();
                if (span.isRegular()
                        || span.partial
                        || successor.isEmpty()
                        || successor.get().equals(span.conf.ring())) {
                    continue;
                }
                Span other = first.putIfAbsent(new Passage(span.conf.ring(), successor.get()), span);
                findings.count(EvsRule.ST4);
                if (other != null && !other.conf.members().equals(span.conf.members())) {
                    findings.add(
                            EvsRule.ST4,
                            "different companions",
                            List.of(other.life, span.life),
                            List.of(other.life.says(other.conf), span.life.says(span.conf)));
                }
            }
        }
    }

    private record Passage(RingId from, RingId to) {}

    private void growingRings(List<Life> lives) {
        @Nullable Span last = null;
        for (Life life : lives) {
            for (Span span : life.spans) {
                if (!span.isRegular()) {
                    continue;
                }
                findings.count(EvsRule.ST5);
                if (last != null && span.conf.ring().seq() <= last.conf.ring().seq()) {
                    findings.add(EvsRule.ST5, "ring number did not grow", List.of(life), pair(last, span));
                }
                last = span;
            }
        }
    }

    private void onePositionOneMessage() {
        for (RingHistory ring : history.rings.values()) {
            Map<Position, Known> at = new LinkedHashMap<>();
            for (Known known : ring.messages) {
                Position position = known.position;
                if (position == null) {
                    continue;
                }
                findings.count(EvsRule.ST10);
                Known other = at.putIfAbsent(position, known);
                if (other != null) {
                    List<Life> where = new ArrayList<>();
                    List<String> chain = new ArrayList<>();
                    witness(ring, other, where, chain);
                    witness(ring, known, where, chain);
                    findings.add(EvsRule.ST10, "two messages at " + position, where, chain);
                }
            }
        }
    }

    private static void witness(RingHistory ring, Known known, List<Life> where, List<String> chain) {
        for (Stay stay : ring.stays) {
            if (stay.delivered.get(known.rank)) {
                where.add(stay.life());
                chain.add(stay.life().says("DLV " + known.at()));
                return;
            }
        }
        chain.add("SENT " + known.at());
    }

    private static List<String> pair(Span before, Span span) {
        return List.of(before.life.says(before.conf), span.life.says(span.conf));
    }
}
