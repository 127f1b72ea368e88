/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.internal.node.environment.LastWords;
import dev.totem.core.spi.SideThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Keeps what a node did before it stopped itself in the file {@code black-box-<id>.jsonl} of its state directory, in place of what
 * was kept before. Any thread. A disc that does not answer is not waited for.
 */
record BlackBoxFile(Path directory, NodeId self) implements LastWords {

    private static final Logger LOG = LoggerFactory.getLogger(BlackBoxFile.class);

    private static final int SECONDS = 2;

    Path file() {
        return directory.resolve("black-box-" + self + ".jsonl");
    }

    @Override
    public Mono<Void> keep(List<String> lines) {
        return Mono.fromFuture(
                () -> CompletableFuture.runAsync(() -> write(lines), new SideThread("totem-" + self + "-black-box"))
                        .orTimeout(SECONDS, TimeUnit.SECONDS)
                        .exceptionally(late -> {
                            notKept("the disc has not answered for " + SECONDS + " s");
                            return null;
                        }));
    }

    private void write(List<String> lines) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(String.join("\n", lines) + "\n");
        try (FileChannel channel = OwnersFile.open(file())) {
            channel.truncate(0);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            LOG.error("node {}: what it did before it stopped itself is in {}", self, file());
        } catch (IOException notWritten) {
            notKept(String.valueOf(notWritten));
        }
    }

    private void notKept(String why) {
        LOG.error("node {}: what it did before it stopped itself cannot be kept in {}: {}", self, file(), why);
    }
}
