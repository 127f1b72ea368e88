/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** S2.1 with merge liveness: in the end each component is one ring of exactly its processes. */
final class EndRule {

    private final History history;
    private final Findings findings;

    EndRule(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    void check(EndStatement end) {
        end.components().forEach(this::component);
    }

    private void component(SortedSet<NodeId> component) {
        TreeSet<String> rings = new TreeSet<>();
        for (NodeId process : component) {
            List<Life> lives = history.livesOf(process);
            if (lives.isEmpty()) {
                continue;
            }
            Life life = lives.get(lives.size() - 1);
            findings.count(EvsRule.S2_1);
            if (life.spans.isEmpty()) {
                findings.add(EvsRule.S2_1, "nothing installed", List.of(life), List.of(life.says("empty log")));
                continue;
            }
            Span last = life.spans.get(life.spans.size() - 1);
            rings.add(last.conf.ring().toString());
            boolean right = last.isRegular() && new TreeSet<>(last.conf.members()).equals(component);
            if (!right || !life.open()) {
                findings.add(
                        EvsRule.S2_1,
                        "not in the one configuration of " + component,
                        List.of(life),
                        List.of(life.says(last.conf)));
            }
        }
        if (rings.size() > 1) {
            findings.add(
                    EvsRule.S2_1,
                    "different rings " + rings,
                    SendRules.last(history, List.copyOf(component)),
                    List.of());
        }
    }
}
