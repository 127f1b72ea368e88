/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Code that waits for the ring, on each Java that is installed beside that of the build; on virtual threads where it has them. */
class VirtualThreadsIT {

    static List<Path> installed() throws IOException {
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        try (Stream<Path> beside = Files.list(own.getParent())) {
            return Stream.concat(Stream.of(own), beside.filter(home -> !Files.isSymbolicLink(home)))
                    .filter(VirtualThreadsIT::isNewEnough)
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    private static boolean isNewEnough(Path home) {
        Path release = home.resolve("release");
        try {
            return Files.isExecutable(home.resolve("bin").resolve("java"))
                    && Files.isReadable(release)
                    && Files.readAllLines(release).stream()
                            .anyMatch(line -> line.matches("JAVA_VERSION=\"(1[7-9]|[2-9]\\d)\\b.*"));
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** All virtual threads share one thread of the machine here: one that would keep it while it waits keeps all. */
    @ParameterizedTest
    @MethodSource("installed")
    void manyThreadsWaitForTheRingAndNoneKeepsItsCarrier(Path home) throws Exception {
        Process shop = new ProcessBuilder(
                        home.resolve("bin").resolve("java").toString(),
                        "-Xmx256m",
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.totem.blocks.example.Shop")
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(shop.getInputStream().readAllBytes(), UTF_8);
            assertThat(shop.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(shop.exitValue()).as(output).isZero();
            String left = LongStream.range(0, 100).mapToObj(Long::toString).collect(Collectors.joining(", "));
            assertThat(output).contains("left: [" + left + "]").doesNotContain("pinned");
            assertThat(output).containsPattern("counted: \\d");
            assertThat(output).contains(Integer.parseInt(major(home)) >= 21 ? "virtual" : "platform");
        } finally {
            shop.destroyForcibly();
        }
    }

    private static String major(Path home) throws IOException {
        return Files.readAllLines(home.resolve("release")).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> line.replaceAll("\\D*(\\d+).*", "$1"))
                .findFirst()
                .orElseThrow();
    }
}
