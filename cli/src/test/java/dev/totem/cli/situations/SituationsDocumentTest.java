/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import dev.totem.testkit.internal.document.DocumentTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table in docs/SITUATIONS.md is made from {@link Situation}; {@code -Dtotem.docs.write} makes it anew. */
class SituationsDocumentTest {

    @Test
    void theTableIsWhatIsTested() throws IOException {
        DocumentTable.isMadeFromTheCode(Path.of("../docs/SITUATIONS.md"), "situations", table());
    }

    private static String table() {
        return Stream.of(Situation.values())
                .map(SituationsDocumentTest::row)
                .collect(Collectors.joining(
                        "\n",
                        "\n" + Situation.values().length
                                + " situations:\n\n| | what goes wrong | health | log | `totem doctor` | `totem explain` |"
                                + " `/status` and the page |\n|---|---|---|---|---|---|---|\n",
                        "\n\n"));
    }

    private static String row(Situation situation) {
        Says says = situation.says;
        return "| "
                + String.join(
                        " | ",
                        String.valueOf(List.of(Situation.values()).indexOf(situation) + 1),
                        situation.what,
                        health(says),
                        says.log().isEmpty() ? "nothing" : quoted(says.log()),
                        says.doctor().isEmpty() ? "nothing is wrong with the host" : quoted(says.doctor()),
                        quoted(says.explain()),
                        page(says))
                + " |";
    }

    private static String health(Says says) {
        if (!says.isUp()) {
            return "no node";
        }
        String then = says.then().isEmpty() ? "ready" : codes(says.then());
        return says.meanwhile().isEmpty() ? then : codes(says.meanwhile()) + ", then " + then;
    }

    private static String codes(List<?> codes) {
        return codes.stream().map(code -> "`" + code + "`").collect(Collectors.joining(", "));
    }

    private static String page(Says says) {
        if (!says.isUp()) {
            return "no node";
        }
        List<String> parts = new ArrayList<>();
        if (!says.then().isEmpty()) {
            parts.add("the same `health`, with the remedy");
        }
        if (!says.causes().isEmpty()) {
            parts.add("the causes " + codes(says.causes()));
        }
        if (!says.counts().isEmpty()) {
            parts.add("the statistic " + codes(says.counts()));
        }
        return parts.isEmpty() ? "ready" : String.join("; ", parts);
    }

    private static String quoted(String words) {
        return "`" + words + "`";
    }
}
