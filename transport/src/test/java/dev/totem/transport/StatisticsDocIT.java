/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.TotemNode;
import dev.totem.core.spi.PlainSeal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/OPERATION.md} names all statistics, and no others. */
class StatisticsDocIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| [^|]+ \\|$");

    @TempDir
    Path state;

    @Test
    void theTableHasExactlyTheNamesOfARunningNode() throws IOException {
        TotemNode node = UdpTotem.create()
                .nodeId(1)
                .bind("127.0.0.1", 0)
                .multicast("239.192.7.7", 15_407)
                .seal(PlainSeal.create())
                .stateDirectory(state)
                .start()
                .block(LIMIT);
        Set<String> named = new TreeSet<>(node.stats().keySet());
        node.leave().block(LIMIT);

        assertThat(documented()).isEqualTo(named);
    }

    private static Set<String> documented() throws IOException {
        String page = Files.readString(Path.of("../docs/OPERATION.md"));
        String table = page.substring(page.indexOf("### Statistics"), page.indexOf("## Measuring"));
        return ROW.matcher(table).results().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }
}
