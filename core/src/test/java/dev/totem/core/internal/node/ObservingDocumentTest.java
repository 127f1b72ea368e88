/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeHealth;
import dev.totem.core.internal.node.observe.JfrEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        isThatOfTheCode(
                "health",
                Stream.of(NodeHealth.Code.values())
                        .map(code -> "| `" + code + "` | "
                                + code.weight().name().toLowerCase(Locale.ROOT) + " | " + code.meaning() + " | "
                                + code.remedy() + " |\n")
                        .collect(Collectors.joining(
                                "", "| code | weight | what it means | what to do |\n|---|---|---|---|\n", "")));
    }

    @Test
    void events() throws IOException {
        isThatOfTheCode(
                "flight",
                Stream.of(JfrEvents.class.getDeclaredClasses())
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

    private static void isThatOfTheCode(String mark, String table) throws IOException {
        String page = Files.readString(PAGE);
        Matcher found = Pattern.compile(
                        "(<!-- " + mark + ":begin[^\n]*-->\n)(.*?)(<!-- " + mark + ":end -->)", Pattern.DOTALL)
                .matcher(page);
        assertThat(found.find()).as("the two marks around the table").isTrue();
        if (System.getProperty("totem.docs.write") != null) {
            Files.writeString(PAGE, page.substring(0, found.start(2)) + table + page.substring(found.end(2)));
            return;
        }
        assertThat(found.group(2)).as("run again with -Dtotem.docs.write").isEqualTo(table);
    }
}
