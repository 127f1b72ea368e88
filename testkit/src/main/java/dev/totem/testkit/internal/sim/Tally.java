/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** Adds up what came of many schedules. Any thread. */
public final class Tally {

    private final LongAdder schedules = new LongAdder();
    private final LongAdder rings = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder checks = new LongAdder();
    private final LongAdder violations = new LongAdder();

    public void add(RandomSchedule.Outcome outcome) {
        schedules.increment();
        rings.add(outcome.rings());
        messages.add(outcome.messages());
        checks.add(outcome.report().checks());
        violations.add(outcome.passed() ? 0 : 1);
    }

    public long schedules() {
        return schedules.sum();
    }

    /** Rings that anybody installed. */
    public long rings() {
        return rings.sum();
    }

    /** Messages delivered, at all nodes together. */
    public long messages() {
        return messages.sum();
    }

    /** How many times a property was checked. */
    public long checks() {
        return checks.sum();
    }

    /** Schedules that did not pass. */
    public long violations() {
        return violations.sum();
    }

    /** Everything in one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "schedules %,d, rings formed %,d, messages delivered %,d, properties checked %,d times, violations %,d",
                schedules.sum(),
                rings.sum(),
                messages.sum(),
                checks.sum(),
                violations.sum());
    }
}
