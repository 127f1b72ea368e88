/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs the packaged command in a process of its own. Any thread. */
final class Totem {

    /** For the check of a run of minutes; most take a fraction of it. */
    private static final int HEAP_MEGABYTES = 1_024;

    /** How a command ended. */
    record Run(int status, String out, String err) {}

    private Totem() {}

    /** The words that run the command, with a heap of this many megabytes. */
    static List<String> command(int heapMegabytes, List<String> arguments) {
        String jar = System.getProperty("totem.jar");
        assertThat(jar).as("system property totem.jar").isNotNull();
        return command(Path.of(jar), heapMegabytes, arguments);
    }

    /** The words that run the command of another build. */
    static List<String> command(Path jar, int heapMegabytes, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:CompileThresholdScaling=0.3",
                "-Xshare:auto",
                "-Xms32m",
                "-Xmx" + heapMegabytes + "m",
                "-jar",
                jar.toString()));
        words.addAll(arguments);
        return words;
    }

    private static final Set<String> LONG = Set.of("check", "bench");

    /** Runs a command to its end. */
    static Run run(Path folder, Duration limit, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "run", ".out");
        Path err = Files.createTempFile(folder, "run", ".err");
        List<String> words = command(HEAP_MEGABYTES, List.of(arguments));
        if (!LONG.contains(arguments[0])) {
            // It ends before the second compiler has paid for itself.
            words.add(1, "-XX:TieredStopAtLevel=1");
        }
        Process process = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .as("totem " + String.join(" ", arguments) + " ends within " + limit)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Run(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    /** Runs {@code totem check} over logs, prints its verdict and expects it to pass. */
    static void check(Path folder, List<Path> logs, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("check"));
        arguments.addAll(List.of(options));
        logs.forEach(log -> arguments.add(log.toString()));
        Run run = run(folder, Duration.ofMinutes(3), arguments.toArray(String[]::new));
        say("totem check" + (options.length == 0 ? "" : " " + String.join(" ", options)) + ": "
                + run.out().lines().reduce((first, second) -> second).orElse("(nothing)"));
        assertThat(run.status()).as(run.out() + run.err()).isZero();
    }

    static void say(String what) {
        System.out.println("  " + what);
    }
}
