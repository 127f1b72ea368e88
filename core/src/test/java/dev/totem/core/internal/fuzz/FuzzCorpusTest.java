/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.internal.group.EnvelopeFuzz;
import dev.totem.core.internal.packing.PacketFuzz;
import dev.totem.core.internal.wire.MessageFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The fuzz targets of this module over the committed corpora, and over some random inputs, without a fuzzer. */
class FuzzCorpusTest {

    private static final Path CORPORA = Path.of("src/test/fuzz");

    static Stream<Arguments> targets() {
        return Stream.of(
                target("message", MessageFuzz::fuzzerTestOneInput),
                target("packet", PacketFuzz::fuzzerTestOneInput),
                target("envelope", EnvelopeFuzz::fuzzerTestOneInput));
    }

    private static Arguments target(String name, Consumer<byte[]> entry) {
        return Arguments.of(name, entry);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void findsNothingInTheCorpus(String name, Consumer<byte[]> target) throws IOException {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(CORPORA.resolve(name))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).hasSizeGreaterThan(5);
        for (Path input : inputs) {
            target.accept(Files.readAllBytes(input));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void findsNothingInRandomInputs(String name, Consumer<byte[]> target) {
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            byte[] input = new byte[random.nextInt(100)];
            random.nextBytes(input);
            target.accept(input);
        }
    }
}
