/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.clients;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.benchmarks.bench.Median;
import dev.totem.benchmarks.load.LoadReport;
import dev.totem.client.TotemClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * The same work by a handle in the process of an executive and by one attached to it, in turn, on the same ring. Immutable, any thread.
 *
 * @param embedded what the first reached, run by run
 * @param attached and the second
 */
record Beside(
        @JsonProperty("work") LoadWork work,
        @JsonProperty("embedded") List<LoadReport> embedded,
        @JsonProperty("attached") List<LoadReport> attached) {

    /** @param progress is told each result */
    static Beside measure(ExecutiveRing ring, LoadWork work, int pairs, Consumer<String> progress) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<LoadReport> embedded = new ArrayList<>();
        List<LoadReport> attached = new ArrayList<>();
        TotemClient client = ring.client(1);
        try {
            for (int pair = 1; pair <= pairs; pair++) {
                embedded.add(json.treeToValue(ring.executive(1).ask(work.words()), LoadReport.class));
                progress.accept("embedded: " + said(embedded.get(pair - 1)));
                attached.add(work.run(
                        lane -> Objects.requireNonNull(client.openHandle(lane).block()), client.executive()));
                progress.accept("attached: " + said(attached.get(pair - 1)));
            }
        } finally {
            client.close().block();
        }
        return new Beside(work, embedded, attached);
    }

    private static String said(LoadReport report) {
        return String.format(
                java.util.Locale.ROOT,
                "%,.0f messages/s, p50 %.3f ms, p99 %.3f ms",
                report.messagesPerSecond(),
                millis(report.p50Micros()),
                millis(report.p99Micros()));
    }

    private static double millis(@org.jspecify.annotations.Nullable Double micros) {
        return micros == null ? Double.NaN : micros / 1e3;
    }

    /** Messages a second, attached divided by embedded, pair by pair. */
    List<Double> throughputRatios() {
        List<Double> ratios = new ArrayList<>();
        for (int pair = 0; pair < embedded.size(); pair++) {
            ratios.add(attached.get(pair).messagesPerSecond()
                    / embedded.get(pair).messagesPerSecond());
        }
        return ratios;
    }

    /** p50 of send to own delivery, attached minus embedded, pair by pair, ms. */
    List<Double> addedMillis() {
        List<Double> added = new ArrayList<>();
        for (int pair = 0; pair < embedded.size(); pair++) {
            added.add(millis(attached.get(pair).p50Micros())
                    - millis(embedded.get(pair).p50Micros()));
        }
        return added;
    }

    static double median(List<LoadReport> runs, ToDoubleFunction<LoadReport> value) {
        return Median.of(runs.stream().map(value::applyAsDouble).toList());
    }
}
