/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.totem.benchmarks.load.LoadReport;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster reached in a run, or in the median of several. Immutable, any thread.
 *
 * @param messagesPerSecond delivered in total order, median over the nodes
 * @param megabytesPerSecond payload, 10^6 bytes, median over the nodes
 * @param cpuMicros CPU time of all processes divided by the deliveries at all nodes: what one delivery at one node costs
 * @param cores CPU time of all processes divided by the time measured
 * @param p50Micros of self-delivery, median over the nodes; null if it was not measured
 */
public record Figures(
        @JsonProperty("msgs_s") double messagesPerSecond,
        @JsonProperty("MB_s") double megabytesPerSecond,
        @JsonProperty("cpu_us") double cpuMicros,
        @JsonProperty("cores") double cores,
        @JsonProperty("p50_us") @Nullable Double p50Micros,
        @JsonProperty("p99_us") @Nullable Double p99Micros,
        @JsonProperty("p999_us") @Nullable Double p999Micros) {

    /** @param seconds measured at each node */
    static Figures of(List<LoadReport> nodes, double seconds) {
        double cpuSeconds = nodes.stream().mapToDouble(LoadReport::cpuSeconds).sum();
        double deliveries =
                nodes.stream().mapToDouble(LoadReport::messagesPerSecond).sum() * seconds;
        return new Figures(
                median(nodes, LoadReport::messagesPerSecond),
                median(nodes, LoadReport::megabytesPerSecond),
                cpuSeconds * 1e6 / deliveries,
                cpuSeconds / seconds,
                medianOfKnown(nodes, LoadReport::p50Micros),
                medianOfKnown(nodes, LoadReport::p99Micros),
                medianOfKnown(nodes, LoadReport::p999Micros));
    }

    /** @param runs at least one */
    static Figures median(List<Figures> runs) {
        return new Figures(
                median(runs, Figures::messagesPerSecond),
                median(runs, Figures::megabytesPerSecond),
                median(runs, Figures::cpuMicros),
                median(runs, Figures::cores),
                medianOfKnown(runs, Figures::p50Micros),
                medianOfKnown(runs, Figures::p99Micros),
                medianOfKnown(runs, Figures::p999Micros));
    }

    private static <T> double median(List<T> values, ToDoubleFunction<T> value) {
        return Median.of(values.stream().map(value::applyAsDouble).toList());
    }

    private static <T> @Nullable Double medianOfKnown(List<T> values, Function<T, @Nullable Double> value) {
        List<Double> known = values.stream().map(value).filter(Objects::nonNull).toList();
        return known.isEmpty() ? null : Median.of(known);
    }
}
