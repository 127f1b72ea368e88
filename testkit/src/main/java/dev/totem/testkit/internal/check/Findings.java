/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects what the rules find. One thread. */
final class Findings {

    private final List<Violation> violations = new ArrayList<>();
    private final Map<EvsRule, Long> checked = new EnumMap<>(EvsRule.class);
    private final Map<EvsRule, Integer> found = new EnumMap<>(EvsRule.class);
    private final Map<EvsRule, String> notChecked = new EnumMap<>(EvsRule.class);

    void count(EvsRule rule) {
        count(rule, 1);
    }

    void count(EvsRule rule, long times) {
        checked.merge(rule, times, Long::sum);
    }

    void notChecked(EvsRule rule, String why) {
        notChecked.put(rule, why);
    }

    /** Whether another violation of this rule would still be kept. */
    boolean wants(EvsRule rule) {
        return found.getOrDefault(rule, 0) < EvsChecker.VIOLATIONS_MAX;
    }

    void add(EvsRule rule, String what, Collection<Life> where, List<String> chain) {
        if (wants(rule)) {
            found.merge(rule, 1, Integer::sum);
            TreeSet<NodeId> processes = new TreeSet<>();
            where.forEach(life -> processes.add(life.process()));
            violations.add(new Violation(rule, processes, what, chain));
        }
    }

    CheckReport report() {
        return new CheckReport(violations, new TreeMap<>(checked), new TreeMap<>(notChecked));
    }
}
