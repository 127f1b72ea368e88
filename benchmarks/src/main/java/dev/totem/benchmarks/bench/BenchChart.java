/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Matches as bars in an SVG: messages per second, or p50 where the work has a rate; bytes per second where ours runs alone with
 * messages of several sizes. Any thread.
 */
public final class BenchChart {

    private static final int NAME_WIDTH = 230;
    private static final int BAR_WIDTH_MAX = 420;
    private static final int VALUE_WIDTH = 190;
    private static final int WIDTH = NAME_WIDTH + BAR_WIDTH_MAX + VALUE_WIDTH;
    private static final int TITLE_HEIGHT = 44;
    private static final int HEADING_HEIGHT = 26;
    private static final int ROW_HEIGHT = 22;
    private static final int BAR_HEIGHT = 16;
    private static final int GAP = 12;
    private static final String OURS = "#2f6db5";
    private static final String PEER = "#b9bfc7";

    /** What a bar stands for. */
    private enum Measure {
        MESSAGES("Messages a second delivered in total order at every node") {
            @Override
            double of(Figures figures) {
                return figures.messagesPerSecond();
            }

            @Override
            String label(Figures figures) {
                return String.format(Locale.ROOT, "%,.0f", figures.messagesPerSecond());
            }
        },
        MEGABYTES("Megabytes a second (messages a second) delivered in total order at every node") {
            @Override
            double of(Figures figures) {
                return figures.megabytesPerSecond();
            }

            @Override
            String label(Figures figures) {
                return String.format(
                        Locale.ROOT, "%,.0f (%,.0f)", figures.megabytesPerSecond(), figures.messagesPerSecond());
            }
        },
        LATENCY("Time from send to own delivery, p50 (p99), milliseconds: less is better") {
            @Override
            double of(Figures figures) {
                return orZero(figures.p50Micros());
            }

            @Override
            String label(Figures figures) {
                return String.format(
                        Locale.ROOT,
                        "%.2f (%.2f)",
                        orZero(figures.p50Micros()) / 1e3,
                        orZero(figures.p99Micros()) / 1e3);
            }
        };

        private final String title;

        Measure(String title) {
            this.title = title;
        }

        abstract double of(Figures figures);

        abstract String label(Figures figures);

        static Measure suiting(List<Match> matches) {
            if (matches.get(0).work().rate() > 0) {
                return LATENCY;
            }
            boolean isAlone = matches.stream().allMatch(match -> match.peer() == null);
            long sizes = matches.stream()
                    .map(match -> match.work().sizeBytes())
                    .distinct()
                    .count();
            return isAlone && sizes > 1 ? MEGABYTES : MESSAGES;
        }
    }

    private BenchChart() {}

    /**
     * Draws matches, one below the other.
     *
     * @param matches of the same kind of work, at least one
     */
    public static String svg(List<Match> matches) {
        Measure measure = Measure.suiting(matches);
        double most = matches.stream()
                .flatMap(match -> sides(match).stream())
                .flatMap(side -> side.median().stream())
                .mapToDouble(measure::of)
                .max()
                .orElse(0);
        List<String> shapes = new ArrayList<>();
        int y = TITLE_HEIGHT;
        for (Match match : matches) {
            shapes.add(text(8, y + 16, "heading", heading(match)));
            y += HEADING_HEIGHT;
            String colour = OURS;
            for (Side side : sides(match)) {
                shapes.addAll(bar(side, y, measure, most, colour));
                y += ROW_HEIGHT;
                colour = PEER;
            }
            y += GAP;
        }
        return document(y, text(8, 24, "title", measure.title), shapes);
    }

    private static String document(int height, String title, List<String> shapes) {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
                <style>
                text { font: 13px sans-serif; fill: #24292f } .title { font-size: 15px; font-weight: bold }
                .heading { font-weight: bold } .name { text-anchor: end }
                </style>
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                %s
                %s
                </svg>
                """.formatted(WIDTH, height, WIDTH, height, title, String.join("\n", shapes));
    }

    private static List<Side> sides(Match match) {
        Side peer = match.peer();
        return peer == null ? List.of(match.ours()) : List.of(match.ours(), peer);
    }

    private static String heading(Match match) {
        String size = String.format(Locale.ROOT, "%,d bytes", match.work().sizeBytes());
        List<Double> ratios = match.ratios();
        return ratios.isEmpty() ? size : size + String.format(Locale.ROOT, ": × %.2f", Median.of(ratios));
    }

    private static List<String> bar(Side side, int y, Measure measure, double most, String colour) {
        Optional<Figures> median = side.median();
        double value = median.map(measure::of).orElse(0.0);
        int width = most > 0 ? (int) Math.round(BAR_WIDTH_MAX * value / most) : 0;
        String name = side.name() + (side.nodes() == 3 ? "" : ", " + side.nodes() + " nodes");
        return List.of(
                text(NAME_WIDTH - 8, y + 13, "name", name),
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>",
                        NAME_WIDTH,
                        y,
                        width,
                        BAR_HEIGHT,
                        colour),
                text(
                        NAME_WIDTH + width + 6,
                        y + 13,
                        "value",
                        median.map(measure::label).orElse("failed")));
    }

    private static double orZero(@Nullable Double value) {
        return value == null ? 0 : value;
    }

    private static String text(int x, int y, String kind, String words) {
        String escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return "<text x=\"" + x + "\" y=\"" + y + "\" class=\"" + kind + "\">" + escaped + "</text>";
    }
}
