/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import dev.totem.testkit.internal.document.DocumentTable;
import io.micrometer.common.docs.KeyName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables in docs/METRICS.md are made from the code; {@code -Dtotem.docs.write} makes them anew. */
class MetricsDocumentTest {

    private static final Path PAGE = Path.of("../../docs/METRICS.md");

    @Test
    void meters() throws IOException {
        DocumentTable.isMadeFromTheCode(
                PAGE,
                "meters",
                Stream.of(TotemMeter.values())
                        .map(MetricsDocumentTest::row)
                        .collect(Collectors.joining(
                                "", "| meter | type | unit | statistic | what |\n|---|---|---|---|---|\n", "")));
    }

    private static String row(TotemMeter meter) {
        String statistic = meter.isByReason()
                ? "`" + meter.statistic() + "…`, the rest as `reason`"
                : meter.statistic().isEmpty() ? "" : "`" + meter.statistic() + "`";
        return "| `" + meter.getName() + "` | " + meter.getType().name().toLowerCase(Locale.ROOT) + " | "
                + meter.getBaseUnit() + " | " + statistic + " | " + meter.description() + " |\n";
    }

    @Test
    void observations() throws IOException {
        DocumentTable.isMadeFromTheCode(
                PAGE,
                "observations",
                Stream.of(TotemObservation.values())
                        .map(each -> "| `" + each.getName() + "` | " + keys(each.getLowCardinalityKeyNames()) + " | "
                                + keys(each.getHighCardinalityKeyNames()) + " |\n")
                        .collect(Collectors.joining(
                                "", "| observation | keys of few values | keys of many |\n|---|---|---|\n", "")));
    }

    private static String keys(KeyName[] keys) {
        return Stream.of(keys).map(key -> "`" + key.asString() + "`").collect(Collectors.joining(", "));
    }
}
