/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Figures as a row of blocks, one a figure, the last one at the right. Any thread. */
final class Sparkline {

    private static final String BLOCKS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /** In exactly so many columns: blanks where there is no figure yet; zero is the lowest block. */
    static String of(List<Rates> rates, ToDoubleFunction<Rates> figure, int columns) {
        List<Rates> shown = rates.subList(Math.max(0, rates.size() - columns), rates.size());
        double most = shown.stream().mapToDouble(figure).max().orElse(0);
        StringBuilder line = new StringBuilder(" ".repeat(columns - shown.size()));
        for (Rates each : shown) {
            double share = most > 0 ? figure.applyAsDouble(each) / most : 0;
            line.append(BLOCKS.charAt((int) Math.round(share * (BLOCKS.length() - 1))));
        }
        return line.toString();
    }
}
