/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The fuzz target of this module over the committed corpus, and over some random inputs, without a fuzzer. */
class FuzzCorpusTest {

    private static List<byte[]> corpus() throws IOException {
        List<byte[]> inputs = new java.util.ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz/frame"))) {
            for (Path file : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(file));
            }
        }
        return inputs;
    }

    @Test
    void findsNothingInTheCorpus() throws IOException {
        for (byte[] input : corpus()) {
            FrameFuzz.fuzzerTestOneInput(input);
        }
    }

    @Test
    void theCorpusHasAFrameOfEachType() throws IOException {
        TreeSet<String> kinds = new TreeSet<>();
        for (byte[] input : corpus()) {
            if (input[0] == 0) {
                try {
                    kinds.add(FrameReader.read(Unpooled.wrappedBuffer(Arrays.copyOfRange(input, 1, input.length)))
                            .getClass()
                            .getSimpleName());
                } catch (MalformedFrameException isToBeRefused) {
                    // some are there for that
                }
            }
        }

        assertThat(kinds)
                .isEqualTo(new TreeSet<>(concrete(Frame.class).map(Class::getSimpleName).toList()));
    }

    private static Stream<Class<?>> concrete(Class<?> kind) {
        return kind.isSealed()
                ? Stream.of(kind.getPermittedSubclasses()).flatMap(FuzzCorpusTest::concrete)
                : Stream.of(kind);
    }

    @Test
    void findsNothingInRandomInputs() {
        Random random = new Random(11);
        for (int round = 0; round < 20_000; round++) {
            byte[] input = new byte[random.nextInt(100)];
            random.nextBytes(input);
            FrameFuzz.fuzzerTestOneInput(input);
        }
    }
}
