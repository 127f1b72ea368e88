/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code totem blocks --attach}: processes without a node of their own, two of them at one executive. */
class AttachedBlocksProcessIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<BlocksProcess> started = new ArrayList<>();

    private BlocksProcess start(int id, int executive) throws Exception {
        BlocksProcess process = new BlocksProcess(
                id,
                Totem.command(
                        96,
                        List.of(
                                "blocks",
                                "--json",
                                "--quorum",
                                "majority:2",
                                "--attach",
                                "unix:" + folder.resolve("e" + executive))),
                folder.resolve("blocks-" + id + ".err"));
        started.add(process);
        return process;
    }

    private static boolean is(JsonNode event, String kind) {
        return event.path("event").asText().equals(kind);
    }

    @Test
    void threeClientsOfTwoExecutivesShareAMapAndALock() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 2, 96);
                AttachedClients executives = new AttachedClients(folder, cluster)) {
            executives.serve(1);
            executives.serve(2);
            List<BlocksProcess> blocks = List.of(start(1, 1), start(2, 1), start(3, 2));
            for (BlocksProcess each : blocks) {
                JsonNode ready = each.await("ready", SOON, event -> is(event, "ready"));
                assertThat(ready.path("attached").asBoolean()).isTrue();
                assertThat(ready.path("node").asInt()).isEqualTo(each.id() == 3 ? 2 : 1);
                each.await("in-state", SOON, event -> is(event, "in-state"));
            }
            BlocksProcess first = blocks.get(0);
            BlocksProcess second = blocks.get(1);
            BlocksProcess third = blocks.get(2);
            first.answer(first.ask("put", "key", "k", "value", "v"), SOON);
            assertThat(third.answer(third.ask("get", "key", "k"), SOON)
                            .path("value")
                            .asText())
                    .isEqualTo("v");
            JsonNode held = first.answer(first.ask("lock", "name", "job"), SOON);
            assertThat(is(held, "granted")).isTrue();
            String waiting = second.ask("lock", "name", "job");
            long killedAtNanos = System.nanoTime();
            first.kill();
            JsonNode next = second.answer(waiting, SOON);
            Totem.say("kill -9 of a client that holds a lock: the next one has it "
                    + (System.nanoTime() - killedAtNanos) / 1_000_000 + " ms later");
            assertThat(next.path("token").asText())
                    .isGreaterThan(held.path("token").asText());
            second.quit();
            third.quit();
            executives.quit(List.of());
        } finally {
            started.forEach(BlocksProcess::close);
        }
    }

    @Test
    void mistakesGetOneClearLine() throws Exception {
        String nobody = "unix:" + folder.resolve("nobody");
        Totem.Run without = Totem.run(folder, Duration.ofSeconds(30), "blocks", "--json", "--attach", nobody);
        assertThat(without.status()).isEqualTo(2);
        assertThat(without.err()).contains("--quorum is needed");
        Totem.Run both = Totem.run(
                folder,
                Duration.ofSeconds(30),
                "blocks",
                "--json",
                "--quorum",
                "none",
                "--id",
                "1",
                "--attach",
                nobody);
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.err()).contains("--attach has no node of its own: leave out --id");
    }
}
