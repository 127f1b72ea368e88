/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What a native image takes along of this jar. */
class ReachabilityMetadataTest {

    private static final String FILE = "/META-INF/native-image/dev.totem/totem-console/reachability-metadata.json";
    private static final String FOLDER = "dev/totem/console";

    @Test
    void namesAllFilesOfThePage() throws Exception {
        JsonNode metadata;
        try (InputStream in = ReachabilityMetadataTest.class.getResourceAsStream(FILE)) {
            metadata = new ObjectMapper().readTree(in);
        }
        List<String> named = StreamSupport.stream(metadata.get("resources").spliterator(), false)
                .map(resource -> resource.get("glob").textValue())
                .toList();

        try (Stream<Path> files = Files.list(Path.of("src/main/resources", FOLDER))) {
            assertThat(named)
                    .containsExactlyInAnyOrderElementsOf(files.map(file -> FOLDER + "/" + file.getFileName())
                            .toList());
        }
    }
}
