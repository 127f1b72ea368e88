/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.PlainSeal;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** A start whose subscriber does not wait for it is quiet, and leaves nothing behind. */
class CancelledStartIT {

    private static final int STARTS = 200;
    private static final Duration SOON = Duration.ofSeconds(60);

    private final List<Throwable> dropped = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path directory;

    @AfterEach
    void resetsHooks() {
        Hooks.resetOnErrorDropped();
    }

    private UdpTotem node(int id, int port) {
        return UdpTotem.create()
                .nodeId(id)
                .bind("127.0.0.1", port)
                .peers(Peer.of(1_000, "127.0.0.1", 9))
                .seal(PlainSeal.create())
                .stateDirectory(directory);
    }

    @Test
    void twoHundredStartsThatTimeOutAreQuietAndLeaveNothingBehind() {
        int port = TestLinks.freePorts("127.0.0.1", 1).get(0);
        leave(node(STARTS + 1, port).start().block(SOON));
        until(() -> threads() == 0);
        int files = openFiles();
        Hooks.onErrorDropped(dropped::add);

        List<TotemNode> inTime = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            Duration limit = Duration.ofMillis(i % 40);
            node(1 + i % 20, port)
                    .start()
                    .timeout(limit, Mono.empty())
                    .onErrorResume(ConfigurationException.class, taken -> Mono.empty())
                    .blockOptional(SOON)
                    .ifPresent(inTime::add);
            inTime.forEach(CancelledStartIT::leave);
            inTime.clear();
        }

        until(() -> threads() == 0);
        until(() -> openFiles() <= files);
        assertThat(dropped).isEmpty();
        for (int id = 1; id <= 20; id++) {
            FileRingSequenceStore.open(directory, NodeId.of(id)).close().block(SOON);
        }
        leave(node(1, port).start().block(SOON));
    }

    private static void leave(TotemNode node) {
        node.leave().block(SOON);
    }

    private static void until(BooleanSupplier holds) {
        Flux.interval(Duration.ofMillis(10))
                .filter(tick -> holds.getAsBoolean())
                .blockFirst(SOON);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("totem-"))
                .count();
    }

    /** None where the system does not say. */
    private static int openFiles() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}
