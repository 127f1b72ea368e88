/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link SlowSubscriberRun} in a process with 64 MiB of heap: short here; {@code -Dtotem.soak=300} makes it the five minutes
 * of a soak, with the default stall limit, and shows what it printed.
 */
class SlowSubscriberIT {

    private static final int SECONDS = Integer.getInteger("totem.soak", 5);
    private static final long STALL_MILLIS = SECONDS >= 60 ? 10_000 : 2_000;

    @TempDir
    Path directory;

    @Test
    void aSubscriberThatRequestsNothingEndsAtItsLimitAndTheOthersLoseNothing() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlowSubscriberRun.class.getName(),
                        String.valueOf(SECONDS),
                        String.valueOf(STALL_MILLIS),
                        directory.toString()))
                .redirectErrorStream(true)
                .start();

        String output = text(process);
        if (SECONDS >= 10) {
            System.out.println(output);
        }

        assertThat(process.waitFor(SECONDS + 120L, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output)
                .contains("SlowSubscriberException")
                .contains("stall-limit " + STALL_MILLIS + " ms")
                // its limit of 2,048, beside what it was told of how things are when it subscribed
                .contains("2050 events behind")
                .contains("result: right")
                .doesNotContain("OutOfMemoryError");
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
