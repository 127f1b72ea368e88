/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import dev.totem.testkit.internal.sim.TimedStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tries seeds one after another, and makes the first failure easy to understand. One thread. */
final class Seeds {

    /** Runs it may take to leave out what does not matter. */
    private static final int SHRINK_RUNS_MAX = 200;

    /** Nobody waits longer for a shorter schedule. */
    private static final long SHRINK_NANOS_MAX = 30_000_000_000L;

    private final Trial trial;
    private final String rerun;

    /** @param rerun how to run one seed again, up to its number */
    Seeds(Trial trial, String rerun) {
        this.trial = trial;
        this.rerun = rerun;
    }

    /** Empty if all pass; otherwise what the first failure is. */
    Optional<Failure> tryAll(long first, int count) {
        for (long seed = first; seed < first + count; seed++) {
            Trial.Run run = trial.run(seed);
            if (run.failed()) {
                return Optional.of(explain(run));
            }
        }
        return Optional.empty();
    }

    private Failure explain(Trial.Run run) {
        Trial.Run again = trial.run(run.seed());
        if (again.digest() != run.digest() || !again.kind().equals(run.kind())) {
            return new Failure(
                    run,
                    text(
                            run,
                            List.of(
                                    "it does not repeat: the same seed ran otherwise the second time. Something that runs on the nodes is not"
                                            + " of the simulation: a thread, clock, chance or hash order of its own, or what an earlier run"
                                            + " left behind")));
        }
        Trial.Run shortest = shrink(run);
        List<String> parts = new ArrayList<>();
        if (run.steps().isEmpty()) {
            parts.add("there were no random faults");
        } else {
            parts.add("of its " + run.steps().size() + " random faults these "
                    + shortest.steps().size() + " are enough:");
            shortest.steps().forEach(step -> parts.add("  " + step));
        }
        parts.add("the last things that happened:");
        shortest.trace().forEach(line -> parts.add("  " + line));
        return new Failure(shortest, text(shortest, parts));
    }

    private String text(Trial.Run run, List<String> parts) {
        String what = String.valueOf(run.failure() == null ? "" : run.failure().getMessage());
        return "seed " + run.seed() + ": " + what.strip() + "\n\nrepeat it: " + rerun + run.seed() + "\n"
                + parts.stream().collect(Collectors.joining("\n"));
    }

    /** Leaves out as many faults as possible, many at a time first. */
    private Trial.Run shrink(Trial.Run run) {
        long deadline = System.nanoTime() + SHRINK_NANOS_MAX;
        Trial.Run best = trial.run(run.seed(), run.steps());
        if (!best.kind().equals(run.kind())) {
            return run;
        }
        int runs = 0;
        int chunk = best.steps().size();
        while (chunk > 0) {
            boolean isShorter = false;
            for (int from = 0; from < best.steps().size(); ) {
                if (runs++ >= SHRINK_RUNS_MAX || System.nanoTime() > deadline) {
                    return best;
                }
                Trial.Run fewer = trial.run(run.seed(), without(best.steps(), from, chunk));
                if (fewer.kind().equals(run.kind())) {
                    best = fewer;
                    isShorter = true;
                } else {
                    from += chunk;
                }
            }
            chunk = chunk == 1 && isShorter ? 1 : chunk / 2;
        }
        return best;
    }

    private static List<TimedStep> without(List<TimedStep> steps, int from, int count) {
        List<TimedStep> fewer = new ArrayList<>(steps);
        fewer.subList(from, Math.min(fewer.size(), from + count)).clear();
        return fewer;
    }

    /** A run that failed, and what to say of it. */
    record Failure(Trial.Run run, String text) {}
}
