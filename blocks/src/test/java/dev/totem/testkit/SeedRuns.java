/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Single seeds of a simulation, for tests that expect them to fail. One thread. */
public final class SeedRuns {

    private final Trial trial;

    public SeedRuns(int nodes, List<Fault> faults, Consumer<Simulation> body) {
        EnumSet<Fault> all = EnumSet.noneOf(Fault.class);
        all.addAll(faults);
        this.trial = new Trial(nodes, all, body::accept);
    }

    /** What is wrong in the run of a seed; empty for nothing. */
    public Optional<Throwable> failure(long seed) {
        return Optional.ofNullable(trial.run(seed).failure());
    }
}
