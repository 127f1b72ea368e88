/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On threads of this process. */
class RealTimeTest {

    private static final long PID = ProcessHandle.current().pid();

    /** Of {@code proc(5)}, stat, counted from behind the name. */
    private static final int POLICY_FIELD = 38;

    private static final String FIFO = "1";
    private static final String OTHER = "0";

    @BeforeEach
    void isPossibleHere() {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
    }

    @Test
    void givesItToTheThreadsOfThatNameAndNoOthers() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread chosen = waiting("rt-chosen", end);
        Thread other = waiting("other", end);
        try {
            RealTime.give(PID, "rt-");

            assertThat(policies()).containsEntry("rt-chosen", FIFO).containsEntry("other", OTHER);
        } finally {
            end.countDown();
        }
        chosen.join();
        other.join();
    }

    @Test
    void saysWhichProcessIsNotThere() {
        assertThatThrownBy(() -> RealTime.give(Integer.MAX_VALUE, "rt-"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(String.valueOf(Integer.MAX_VALUE));
    }

    @Test
    void doesNotPassForGivenWhereNoThreadHasTheNameYet() {
        assertThatThrownBy(() -> RealTime.give(PID, "nobody-"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nobody-")
                .hasMessageContaining("--warmup");
    }

    private static Thread waiting(String name, CountDownLatch end) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    begun.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        return thread;
    }

    /** Of the threads with a name of their own. */
    private static Map<String, String> policies() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.map(RealTimeTest::stat)
                    .collect(Collectors.toMap(
                            stat -> stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
                            stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[POLICY_FIELD],
                            (one, another) -> one));
        }
    }

    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException ended) {
            return "0 (ended) " + "0 ".repeat(POLICY_FIELD + 1);
        }
    }
}
