/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The code in docs/SPRING.md is compiled by the build. */
class SpringDocumentTest {

    private static final Path INTEGRATIONS = Path.of("../..");
    private static final String MARK = "// example:";

    @ParameterizedTest
    @CsvSource({
        "listener, spring-boot/autoconfigure/src/test/java/dev/totem/spring/boot/example/Shop.java",
        "job, spring-boot/autoconfigure/src/test/java/dev/totem/spring/boot/example/Shop.java",
        "blocks, spring-boot/autoconfigure/src/test/java/dev/totem/spring/boot/example/Shop.java",
        "test, spring-boot/test/src/test/java/dev/totem/spring/boot/test/GreetingTest.java",
        "shedlock, shedlock/src/test/java/dev/totem/shedlock/ShedLockExample.java",
        "integration, spring-integration/src/test/java/dev/totem/spring/integration/IntegrationExample.java"
    })
    void showsWhatIsCompiled(String name, Path source) throws IOException {
        String page = Files.readString(INTEGRATIONS.resolve("../docs/SPRING.md"));
        assertThat(page).contains("```java\n" + part(INTEGRATIONS.resolve(source), name) + "\n```");
    }

    /** What stands between two marks, without the indentation of the first of them. */
    private static String part(Path source, String name) throws IOException {
        List<String> lines = Files.readAllLines(source);
        List<String> stripped = lines.stream().map(String::strip).toList();
        int from = stripped.indexOf(MARK + name) + 1;
        int to = from + stripped.subList(from, lines.size()).indexOf(MARK + "end");
        int indentation = lines.get(from - 1).indexOf(MARK);
        return lines.subList(from, to).stream()
                .map(line -> line.isEmpty() ? line : line.substring(indentation))
                .collect(Collectors.joining("\n"));
    }
}
