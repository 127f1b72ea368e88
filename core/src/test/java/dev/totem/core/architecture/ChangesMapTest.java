/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/CHANGES-MAP.md names types that exist, wherever they are. */
class ChangesMapTest {

    private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w+)`");

    @Test
    void everyTypeInTheMapOfChangesExists() throws IOException {
        Set<String> types = Pages.files(".java").stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());

        assertThat(Pages.matches(TYPE, Pages.prose(Pages.ROOT.resolve("docs/CHANGES-MAP.md")))
                        .map(type -> type.group(1)))
                .isNotEmpty()
                .isSubsetOf(types);
    }
}
