/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.testkit.TestRing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** A client in another language, which knows the page {@code docs/CLIENTS.md} and nothing of our code. */
class ForeignClientIT {

    private static final int MESSAGES = 600;

    static boolean hasPython() {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    @EnabledIf("hasPython")
    void aClientInPythonJoinsSendsSeesAndResumes() throws Exception {
        try (TestRing ring = TestRing.of(2);
                Executives executives = new Executives()) {
            ring.awaitOneRing().block(Executives.SOON);
            executives.serve(ring.node(1), "one");
            EvsHandle witness = ring.node(2).openHandle();
            witness.join("g").block(Executives.SOON);
            List<Delivery> seen = new CopyOnWriteArrayList<>();
            witness.deliveries().subscribe(seen::add);

            Process python = new ProcessBuilder(
                            "python3",
                            Path.of(getClass().getResource("/foreign_client.py").toURI())
                                    .toString(),
                            executives.path("one").toString(),
                            "g",
                            String.valueOf(MESSAGES))
                    .redirectErrorStream(true)
                    .start();
            assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
            String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(python.exitValue()).as(said).isZero();
            assertThat(said).isEqualTo(MESSAGES + " shown, " + MESSAGES + " confirmed, resumed once\n");
            HandleContract.await(() -> seen.size() == MESSAGES);
            assertThat(seen.stream().map(delivery -> new String(delivery.payload(), StandardCharsets.UTF_8)))
                    .isEqualTo(IntStream.range(0, MESSAGES)
                            .mapToObj(number -> "python " + number)
                            .toList());
            assertThat(executives.stats(0)).containsEntry(ServerStatistics.SESSIONS_RESUMED, 1L);
        }
    }
}
