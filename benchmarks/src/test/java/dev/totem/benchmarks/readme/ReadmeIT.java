/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.TotemNode;
import dev.totem.security.KeyFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void exampleGetsItsLock() {
        Path key = folder.resolve("totem.key");
        KeyFile.create(key);
        TotemNode node = ReadmeExample.start(1, "127.0.0.1", 0, key, folder).block(SOON);

        String granted = ReadmeExample.locks(node)
                .filter(line -> line.startsWith("granted"))
                .blockFirst(SOON);

        assertThat(granted).startsWith("granted at 1.");
        node.leave().block(SOON);
    }
}
