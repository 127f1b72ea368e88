/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.util.ArrayList;
import java.util.List;

/** Rows of words under a heading, as plain text that Markdown reads as a table. One thread. */
final class TextTable {

    private final List<String> heading;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... heading) {
        this.heading = List.of(heading);
    }

    /** A cell for each of the heading. */
    void add(List<String> row) {
        if (row.size() != heading.size()) {
            throw new IllegalArgumentException(row.size() + " cells under a heading of " + heading.size());
        }
        rows.add(List.copyOf(row));
    }

    String text() {
        List<String> lines = new ArrayList<>();
        lines.add(line(heading));
        lines.add(line(heading.stream().map(word -> "---").toList()).replace(' ', '-'));
        rows.forEach(row -> lines.add(line(row)));
        return String.join("\n", lines) + "\n";
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder("|");
        for (int column = 0; column < cells.size(); column++) {
            line.append(' ').append(cells.get(column));
            line.append(" ".repeat(width(column) - cells.get(column).length())).append(" |");
        }
        return line.toString();
    }

    private int width(int column) {
        int width = heading.get(column).length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return Math.max(3, width);
    }
}
