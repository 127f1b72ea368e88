/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.benchmarks.process.PipelineMember.Pipeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Pipelines as users write them go on, in three processes: in every window each process comes on, nobody is ended who keeps
 * up, and memory stays flat. Runs with {@code -Dtotem.minutes=10} only.
 */
class PipelineIT {

    private static final int NODES = 3;
    private static final int MINUTES = Integer.getInteger("totem.minutes", 0);

    private static final Duration TIME = Duration.ofMinutes(Math.max(1, MINUTES));

    /** The stall limit of 10 s, and the time that it takes to begin. */
    private static final int STALL_SECONDS = 15;

    private static final int WINDOWS = 7;
    private static final long HEAP_SLACK_BYTES = 48 << 20;

    @TempDir
    Path folder;

    /** A second of a process's life. */
    private record Second(long delivered, long completed, int failed, int slow, long heapBytes) {

        static Second of(String line) {
            List<Long> numbers = Stream.of(line.split(" ")).map(Long::valueOf).toList();
            return new Second(
                    numbers.get(0),
                    numbers.get(1),
                    numbers.get(2).intValue(),
                    numbers.get(3).intValue(),
                    numbers.get(4));
        }
    }

    /** A process and what it has said. */
    private record Running(Process process, List<Second> seconds, Thread reader) {}

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "totem.minutes", matches = "[0-9]+", disabledReason = "rates need minutes")
    void goesOnAtASteadyRateInFlatMemory(Pipeline pipeline) throws Exception {
        List<Running> members = new ArrayList<>();
        try {
            int[] ports = Cluster.freePorts(NODES + 1);
            for (int id = 1; id <= NODES; id++) {
                members.add(start(id, ports, pipeline));
            }
            Deadline.after(TIME, () -> {}).get();
            for (Running member : members) {
                member.process().getOutputStream().close();
            }
            for (Running member : members) {
                assertThat(member.process().waitFor(20, TimeUnit.SECONDS))
                        .as("a member leaves")
                        .isTrue();
                member.reader().join();
                assertThat(member.process().exitValue()).isZero();
            }
            members.forEach(member -> assertSteady(pipeline, member.seconds()));
        } finally {
            members.forEach(member -> member.process().destroyForcibly());
        }
    }

    private Running start(int id, int[] ports, Pipeline pipeline) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xms256m",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PipelineMember.class.getName(),
                        String.valueOf(id),
                        String.valueOf(ports[id - 1]),
                        String.valueOf(ports[NODES]),
                        folder.toString(),
                        pipeline.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Second> seconds = new CopyOnWriteArrayList<>();
        Thread reader = new Thread(() -> read(process, seconds), "pipeline-member-" + id);
        reader.setDaemon(true);
        reader.start();
        return new Running(process, seconds, reader);
    }

    private static void read(Process process, List<Second> seconds) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> line.matches("[0-9 ]+"))
                    .map(Second::of)
                    .forEach(seconds::add);
        } catch (IOException | UncheckedIOException ended) {
            // what it said is what counts
        }
    }

    private static void assertSteady(Pipeline pipeline, List<Second> seconds) {
        int window = seconds.size() / WINDOWS;
        assertThat(window).as("seconds a window, of %s", seconds.size()).isPositive();
        List<Long> rates = new ArrayList<>();
        // The ring forms first, and a stuck subscriber may stand in the way for the stall limit.
        int begun = pipeline == Pipeline.STUCK ? STALL_SECONDS : 0;
        while (begun < seconds.size() && seconds.get(begun).completed() == 0) {
            begun++;
        }
        for (int from = begun; from + window < seconds.size(); from += window) {
            Second first = seconds.get(from);
            Second last = seconds.get(from + window);
            rates.add((last.completed() - first.completed()) / window);
            assertThat(last.delivered()).isGreaterThan(first.delivered());
        }
        Second end = seconds.get(seconds.size() - 1);
        Totem.say(pipeline + ": completed a second " + rates + ", " + end.delivered() + " delivered, heap "
                + (seconds.get(seconds.size() / 3).heapBytes() >> 20) + " then " + (end.heapBytes() >> 20) + " MiB");
        long usual = rates.stream().sorted().skip(rates.size() / 2).findFirst().orElseThrow();
        assertThat(rates).as("a second, in windows of %s s", window).allMatch(rate -> rate > usual / 2);
        assertThat(rates).isNotEmpty();
        assertThat(end.failed()).isZero();
        // Who never returns from one signal is never given another, so the stuck one is not told either.
        assertThat(end.slow()).isZero();
        assertThat(end.heapBytes())
                .isLessThan(2 * seconds.get(seconds.size() / 3).heapBytes() + HEAP_SLACK_BYTES);
    }
}
