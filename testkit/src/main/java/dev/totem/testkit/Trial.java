/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import dev.totem.core.Settings;
import dev.totem.testkit.internal.check.CheckReport;
import dev.totem.testkit.internal.sim.HostedCluster;
import dev.totem.testkit.internal.sim.ScheduleDriver;
import dev.totem.testkit.internal.sim.TimedStep;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is tried with many seeds: a number of nodes, kinds of faults, and a test body. Any thread, one run at a time. */
final class Trial {

    private final int nodes;
    private final Set<Fault> faults;
    private final Body body;

    Trial(int nodes, Set<Fault> faults, Body body) {
        this.nodes = nodes;
        this.faults = faults;
        this.body = body;
    }

    /** What a run does. */
    @FunctionalInterface
    interface Body {
        void run(Simulation simulation) throws Throwable;
    }

    /** Runs with the random faults of a seed. */
    Run run(long seed) {
        return run(
                seed, ScheduleDriver.random(seed, nodes, Simulation.defaults().get(Settings.TOKEN), faults));
    }

    /** Runs with just these faults, and what else follows from a seed. */
    Run run(long seed, List<TimedStep> steps) {
        return run(seed, ScheduleDriver.of(steps));
    }

    private Run run(long seed, ScheduleDriver schedule) {
        Simulation simulation = new Simulation(seed, nodes, schedule);
        try (HostedCluster hosted = simulation.hosted().enter()) {
            Throwable failure = null;
            try {
                body.run(simulation);
            } catch (Throwable thrown) {
                failure = thrown;
            }
            Throwable found = found(hosted);
            if (failure == null) {
                failure = found;
            } else if (found != null) {
                failure.addSuppressed(found);
            }
            return new Run(seed, failure, schedule.applied(), hosted.cluster().digest(), hosted.traceLines());
        }
    }

    /** What is wrong though the test did not say so. */
    private static @Nullable Throwable found(HostedCluster run) {
        CheckReport report = run.check();
        List<String> failures = run.failures();
        if (report.passed() && failures.isEmpty()) {
            return null;
        }
        return new EvsViolationError(
                report.passed()
                        ? failures.get(0)
                        : report.violations().get(0).rule().name(),
                Stream.concat(
                                failures.stream(),
                                EvsReport.of(report).violations().stream().map(EvsViolation::toString))
                        .collect(Collectors.joining("\n")));
    }

    /**
     * What came of a run.
     *
     * @param steps the random faults that happened
     * @param digest equal digests, equal runs
     * @param trace the last things that happened
     */
    record Run(long seed, @Nullable Throwable failure, List<TimedStep> steps, long digest, List<String> trace) {

        boolean failed() {
            return failure != null;
        }

        /** What kind of failure it is and where, to compare runs by; empty for none. */
        String kind() {
            return failure == null ? "" : kind(failure);
        }

        private static String kind(Throwable failure) {
            if (failure instanceof EvsViolationError violation) {
                return violation.kind();
            }
            Throwable cause = failure.getCause();
            if (cause != null && failure.getClass() == AssertionError.class) {
                return kind(cause);
            }
            return failure.getClass().getName()
                    + Stream.of(failure.getStackTrace())
                            .filter(Run::isOfTest)
                            .findFirst()
                            .map(frame -> " " + frame)
                            .orElse("");
        }

        private static boolean isOfTest(StackTraceElement frame) {
            return Stream.of(
                                    "java.",
                                    "jdk.",
                                    "reactor.",
                                    "org.assertj.",
                                    "org.junit.",
                                    "org.opentest4j.",
                                    "org.hamcrest.")
                            .noneMatch(frame.getClassName()::startsWith)
                    && !frame.getClassName().startsWith("dev.totem.testkit.internal.")
                    && !frame.getClassName().equals(Simulation.class.getName());
        }
    }

    /** The laws of the ring are broken: the library's fault, not the test's. */
    static final class EvsViolationError extends AssertionError {

        private static final long serialVersionUID = 1L;

        private final String kind;

        EvsViolationError(String kind, String text) {
            super(text);
            this.kind = kind.replaceAll("[0-9.]+", "#");
        }

        String kind() {
            return kind;
        }
    }
}
