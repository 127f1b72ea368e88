/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Matches as a table for people. Any thread. */
public final class BenchTable {

    private static final String NOTHING = "–";

    private static final String NOTES = """
            msgs/s, MB/s: delivered in total order, payload; median over the nodes, then over the runs
            CPU µs: CPU time of all processes / deliveries at all nodes; cores: CPU time of all processes / time
            p50, p99, p99.9: from send to own delivery; median over the nodes, then over the runs
            """;

    private BenchTable() {}

    /** The table, and what its columns mean. */
    public static String of(List<Match> matches) {
        TextTable table = new TextTable(
                "size",
                "who",
                "nodes",
                "msgs/s",
                "MB/s",
                "CPU µs",
                "cores",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "ratio",
                "CPU ratio");
        for (Match match : matches) {
            table.add(row(match, match.ours(), NOTHING, NOTHING));
            Side peer = match.peer();
            if (peer != null) {
                table.add(row(match, peer, ratio(match.ratios()), ratio(match.cpuRatios())));
            }
        }
        StringBuilder text = new StringBuilder(table.text()).append('\n').append(NOTES);
        if (matches.stream().anyMatch(match -> match.peer() != null)) {
            boolean paced = matches.get(0).work().rate() > 0;
            text.append("ratio: ")
                    .append(paced ? "p50, peer / ours" : "msgs/s, ours / peer")
                    .append("; CPU ratio: CPU µs, peer / ours; median (pair by pair)\n");
        }
        failures(matches).forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static List<String> row(Match match, Side side, String ratio, String cpuRatio) {
        List<String> cells = new ArrayList<>();
        cells.add(number(match.work().sizeBytes()));
        cells.add(side.name());
        cells.add(String.valueOf(side.nodes()));
        Optional<Figures> median = side.median();
        if (median.isEmpty()) {
            cells.add("failed");
            cells.addAll(List.of(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING));
        } else {
            Figures figures = median.get();
            cells.add(number(figures.messagesPerSecond()));
            cells.add(decimals(1, figures.megabytesPerSecond()));
            cells.add(decimals(2, figures.cpuMicros()));
            cells.add(decimals(2, figures.cores()));
            cells.add(millis(figures.p50Micros()));
            cells.add(millis(figures.p99Micros()));
            cells.add(millis(figures.p999Micros()));
        }
        cells.add(ratio);
        cells.add(cpuRatio);
        return cells;
    }

    private static List<String> failures(List<Match> matches) {
        List<String> lines = new ArrayList<>();
        for (Match match : matches) {
            Side peer = match.peer();
            for (Side side : peer == null ? List.of(match.ours()) : List.of(match.ours(), peer)) {
                List<String> failures = side.failures();
                if (!failures.isEmpty()) {
                    lines.add("failed: " + side.name() + ", "
                            + number(match.work().sizeBytes()) + " B, " + failures.size() + " of "
                            + side.runs().size() + " runs: " + failures.get(0));
                }
            }
        }
        return lines;
    }

    static String ratio(List<Double> ratios) {
        return ratios.isEmpty()
                ? NOTHING
                : decimals(2, Median.of(ratios))
                        + ratios.stream().map(ratio -> decimals(2, ratio)).collect(Collectors.joining(" ", " (", ")"));
    }

    private static String millis(@Nullable Double micros) {
        return micros == null ? NOTHING : decimals(2, micros / 1e3);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String decimals(int digits, double value) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
