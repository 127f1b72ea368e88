/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Q1 to Q4: which configurations may decide. One thread. */
final class QuorumRules {

    private final History history;
    private final Findings findings;
    private final List<Span> primaries = new ArrayList<>();

    QuorumRules(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    void check() {
        history.rings.values().forEach(this::agreement);
        history.lives().forEach(life -> life.spans.forEach(this::span));
    }

    private void agreement(RingHistory ring) {
        Optional<Span> first = Optional.empty();
        for (Stay stay : ring.stays) {
            Span span = stay.regular;
            if (span.conf.primary().isEmpty()) {
                continue;
            }
            Span other = first.orElse(span);
            first = Optional.of(other);
            findings.count(EvsRule.Q1);
            if (!other.conf.primary().equals(span.conf.primary())) {
                report(EvsRule.Q1, "primary for one only", other, span);
            }
        }
        first.filter(QuorumRules::isPrimary).ifPresent(this::second);
    }

    private void second(Span span) {
        for (Span other : primaries) {
            findings.count(EvsRule.Q2);
            if (Collections.disjoint(other.conf.members(), span.conf.members())) {
                report(EvsRule.Q2, "two that may decide", other, span);
                return;
            }
        }
        List<NodeId> members = span.conf.members();
        if (primaries.stream().noneMatch(other -> members.containsAll(other.conf.members()))) {
            primaries.add(span);
        }
    }

    private void span(Span span) {
        if (span.conf.primary().isEmpty()) {
            return;
        }
        if (!span.isRegular() && span.number > 0) {
            Span before = span.life.spans.get(span.number - 1);
            findings.count(EvsRule.Q3);
            if (!before.conf.primary().equals(span.conf.primary())) {
                report(EvsRule.Q3, "not as the one before", before, span);
            }
        }
        for (Known known : span.delivered) {
            if (known.onlyInPrimary) {
                findings.count(EvsRule.Q4);
                if (!isPrimary(span)) {
                    findings.add(
                            EvsRule.Q4,
                            "only for primaries",
                            List.of(span.life),
                            List.of(span.life.says(span.conf), span.life.says("DLV " + known.at())));
                }
            }
        }
    }

    private static boolean isPrimary(Span span) {
        return span.conf.primary().orElse(false);
    }

    private void report(EvsRule rule, String what, Span one, Span other) {
        findings.add(
                rule,
                what,
                List.of(one.life, other.life),
                List.of(one.life.says(one.conf), other.life.says(other.conf)));
    }
}
