/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.clients;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** The figures of attached clients, each on a ring of executives of its own. One thread. */
public final class ClientsBench {

    private static final int CLIENTS_EACH = 4;

    private final ExecutiveRing.Plan plan;
    private final Consumer<String> progress;

    /** @param progress is told what is going on, a line at a time */
    public ClientsBench(ExecutiveRing.Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** What can be measured. */
    public enum Part {
        THROUGHPUT,
        LATENCY,
        CROWD,
        KILL
    }

    /**
     * What is to be measured.
     *
     * @param seconds measured; of the crowd while nobody sends, and of load before and after the kill
     * @param rate messages a second, for latency
     * @param clients of the crowd
     */
    public record Work(
            Set<Part> parts, int sizeBytes, double warmup, double seconds, int pairs, int rate, int clients) {

        Duration measured() {
            return Duration.ofNanos(Math.round(seconds * 1e9));
        }
    }

    public ClientsReport run(Work work) throws IOException, InterruptedException {
        return new ClientsReport(
                work.parts().contains(Part.THROUGHPUT) ? beside(work, 0) : null,
                work.parts().contains(Part.LATENCY) ? beside(work, work.rate()) : null,
                work.parts().contains(Part.CROWD) ? crowd(work) : null,
                work.parts().contains(Part.KILL) ? kill(work) : null);
    }

    private Beside beside(Work work, int rate) throws IOException, InterruptedException {
        try (ExecutiveRing ring = start(rate == 0 ? "throughput" : "latency")) {
            return Beside.measure(
                    ring,
                    new LoadWork(plan.nodes(), work.sizeBytes(), work.warmup(), work.seconds(), rate),
                    work.pairs(),
                    progress);
        }
    }

    private Crowd crowd(Work work) throws IOException, InterruptedException {
        try (ExecutiveRing ring = start(work.clients() + " clients")) {
            return Crowd.measure(ring, work.clients(), work.measured(), progress);
        }
    }

    private KilledExecutive kill(Work work) throws IOException, InterruptedException {
        try (ExecutiveRing ring = start("kill -9")) {
            return KilledExecutive.measure(ring, CLIENTS_EACH, work.measured());
        }
    }

    private ExecutiveRing start(String what) throws IOException, InterruptedException {
        progress.accept(what + ": a ring of " + plan.nodes() + " executives");
        return ExecutiveRing.start(plan);
    }
}
