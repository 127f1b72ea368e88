/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.totem.core.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A state directory that fails under a running node; those that need a file system of their own, which only root can mount. */
class BrokenStateIT {

    private static final long LIMIT_SECONDS = 30;

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.totem.node");
    private final Lines log = new Lines();

    @TempDir
    Path directory;

    private boolean isMounted;

    /** Each line is waited for once. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private final Map<Level, BlockingQueue<String>> lines = new ConcurrentHashMap<>();

        @Override
        protected void append(ILoggingEvent event) {
            of(event.getLevel()).add(event.getFormattedMessage());
        }

        BlockingQueue<String> of(Level level) {
            return lines.computeIfAbsent(level, any -> new LinkedBlockingQueue<>());
        }

        String next(Level level) throws InterruptedException {
            return of(level).poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void restore() throws Exception {
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
        if (isMounted) {
            unmount();
        }
    }

    private Path state() {
        return directory.resolve("state");
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** A file system of a few pages. */
    private void mounted() throws Exception {
        Files.createDirectories(state());
        mount("size=64k");
        assumeTrue(isMounted, "only root mounts");
    }

    private void mount(String options) throws Exception {
        isMounted = run("mount", "-t", "tmpfs", "-o", options, "totem-test", state().toString()) == 0;
    }

    private void unmount() throws Exception {
        assertThat(run("umount", state().toString())).isZero();
        isMounted = false;
    }

    /** Two nodes; the directory breaks, a node leaves, the directory is repaired. */
    private void goesOn(int firstId, Step damage, String cause, Step repair) throws Exception {
        Files.createDirectories(state());
        try (LoopbackNodes nodes =
                new LoopbackNodes(directory, state(), firstId, 2, config -> config.token(Duration.ofMillis(500)))) {
            nodes.start().block(LoopbackNodes.LIMIT);
            damage.run();

            nodes.leave(firstId + 1).block(LoopbackNodes.LIMIT);

            assertThat(log.next(Level.WARN)).contains("goes on").contains(cause);
            nodes.alone(firstId).block(LoopbackNodes.LIMIT);
            repair.run();
            String line = log.next(Level.INFO);
            while (line != null && !line.contains("reserved again")) {
                line = log.next(Level.INFO);
            }
            assertThat(line).isNotNull();
            assertThat(log.of(Level.ERROR)).isEmpty();
            assertThat(state().resolve("ringseq-" + firstId)).exists();
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    @Test
    void aNodeWhoseStateDirectoryIsRemovedGoesOn() throws Exception {
        Path away = directory.resolve("away");
        goesOn(1, () -> Files.move(state(), away), "it is gone", () -> Files.move(away, state()));
    }

    @Test
    void aNodeWhoseDiscIsFullGoesOn() throws Exception {
        mounted();
        Path ballast = state().resolve("ballast");
        goesOn(11, () -> fill(ballast), "the disc is full: free some space", () -> Files.delete(ballast));
    }

    @Test
    void aNodeWhoseDiscBecomesReadOnlyGoesOn() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root mounts");
        goesOn(21, () -> mount("ro"), "the file system is read-only: mount it writable", this::unmount);
    }

    @Test
    void aStartOnAFullDiscFailsWithTheCause() throws Exception {
        mounted();
        fill(state().resolve("ballast"));
        try (LoopbackNodes nodes = new LoopbackNodes(directory, state(), 31, 1, config -> {})) {
            assertThatThrownBy(() -> nodes.start().block(LoopbackNodes.LIMIT))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("the disc is full: free some space");
        }
        assertThat(log.of(Level.ERROR)).isEmpty();
    }

    private static void fill(Path ballast) throws IOException {
        byte[] page = new byte[4_096];
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }
}
