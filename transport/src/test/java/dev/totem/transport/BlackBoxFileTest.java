/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlackBoxFileTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void keepsTheLinesOfTheLastTimeForItsOwner() throws IOException {
        BlackBoxFile file = new BlackBoxFile(directory, NodeId.of(7));

        file.keep(List.of("{\"n\":1}", "{\"n\":2}", "{\"n\":3}")).block(LIMIT);
        file.keep(List.of("{\"n\":4}", "{\"n\":5}")).block(LIMIT);

        Path kept = directory.resolve("black-box-7.jsonl");
        assertThat(Files.readString(kept)).isEqualTo("{\"n\":4}\n{\"n\":5}\n");
        if (kept.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aDirectoryThatIsGoneHoldsNothingUp() {
        BlackBoxFile file = new BlackBoxFile(directory.resolve("gone"), NodeId.of(7));

        file.keep(List.of("{}")).block(LIMIT);

        assertThat(directory).isEmptyDirectory();
    }
}
