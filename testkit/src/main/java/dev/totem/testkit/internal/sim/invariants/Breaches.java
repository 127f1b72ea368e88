/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** The invariants that were broken, each when it was first: what follows is mostly a consequence. One thread. */
final class Breaches {

    private final LongSupplier nowNanos;
    private final Set<RingRule> seen = EnumSet.noneOf(RingRule.class);
    private final List<String> texts = new ArrayList<>();

    Breaches(LongSupplier nowNanos) {
        this.nowNanos = nowNanos;
    }

    void add(RingRule rule, Step step, String what) {
        add(rule, "node " + step.self().node() + " " + step.after().phase(), what);
    }

    void add(RingRule rule, String who, String what) {
        if (seen.add(rule)) {
            long micros = nowNanos.getAsLong() / 1_000;
            texts.add(rule + " " + rule.sentence() + ": " + who + " at " + micros + "us: " + what);
        }
    }

    List<String> texts() {
        return List.copyOf(texts);
    }
}
