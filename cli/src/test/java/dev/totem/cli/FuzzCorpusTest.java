/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The fuzz target of this module over the committed corpus, and over some random inputs, without a fuzzer. */
class FuzzCorpusTest {

    @Test
    void findsNothingInTheCorpus() throws IOException {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz/json"))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).hasSizeGreaterThan(5);
        for (Path input : inputs) {
            JsonRequestFuzz.fuzzerTestOneInput(Files.readAllBytes(input));
        }
    }

    @Test
    void findsNothingInRandomInputs() {
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            byte[] input = new byte[random.nextInt(60)];
            random.nextBytes(input);
            JsonRequestFuzz.fuzzerTestOneInput(input);
        }
    }
}
