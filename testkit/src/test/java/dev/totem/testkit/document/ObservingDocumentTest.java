/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.document;

import dev.totem.core.NodeHealth;
import dev.totem.testkit.internal.document.DocumentTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Description;
import jdk.jfr.Name;
import org.junit.jupiter.api.Test;

/** The tables of health codes and events in docs/OPERATION.md are made from the code; {@code -Dtotem.docs.write} makes them anew. */
class ObservingDocumentTest {

    private static final Path PAGE = Path.of("../docs/OPERATION.md");

    @Test
    void healthCodes() throws IOException {
        DocumentTable.isMadeFromTheCode(
                PAGE,
                "health",
                Stream.of(NodeHealth.Code.values())
                        .map(code -> "| `" + code + "` | "
                                + code.weight().name().toLowerCase(Locale.ROOT) + " | " + code.meaning() + " | "
                                + code.remedy() + " |\n")
                        .collect(Collectors.joining(
                                "", "| code | weight | what it means | what to do |\n|---|---|---|---|\n", "")));
    }

    @Test
    void events() throws Exception {
        DocumentTable.isMadeFromTheCode(
                PAGE,
                "flight",
                Stream.of(Class.forName("dev.totem.core.internal.node.observe.JfrEvents")
                                .getDeclaredClasses())
                        .sorted(Comparator.comparing(Class::getSimpleName))
                        .map(event -> "| `" + event.getAnnotation(Name.class).value() + "` | "
                                + event.getAnnotation(Description.class).value() + " | "
                                + Stream.of(event.getDeclaredFields())
                                        .filter(field -> !field.isSynthetic())
                                        .filter(field -> field.isAnnotationPresent(jdk.jfr.Label.class))
                                        .map(field -> "`" + field.getName() + "`")
                                        .collect(Collectors.joining(", "))
                                + " |\n")
                        .collect(Collectors.joining("", "| event | when | fields |\n|---|---|---|\n", "")));
    }
}
