/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executives and their clients, each a process. */
class AttachIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void clientsOfFourExecutivesSurviveTheKillOfAClientAndOfAnExecutive() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 4, 96);
                AttachedClients attached = new AttachedClients(folder, cluster)) {
            for (int id = 1; id <= 4; id++) {
                attached.serve(id);
            }
            for (int client = 1; client <= 8; client++) {
                int at = (client + 1) / 2;
                attached.attach(client, client == 4 ? new int[] {2, 3} : new int[] {at});
            }
            attached.awaitRing(4);
            attached.clients().forEach(attached::load);
            for (int client : attached.clients()) {
                attached.awaitProgress(client, 100);
            }

            attached.client(1).kill();
            attached.awaitProgress(2, 100);
            attached.awaitProgress(7, 100);

            long killedAt = System.nanoTime();
            attached.executive(2).kill();
            attached.client(4).await("to be at another executive", SOON, log -> !log.errors.isEmpty());
            Totem.say("after kill -9 of its executive a client goes on at another in "
                    + (System.nanoTime() - killedAt) / 1_000_000 + " ms");
            attached.awaitProgress(4, 100);
            attached.awaitProgress(8, 100);
            assertThat(attached.client(3).waitFor(Duration.ofSeconds(20))).isEqualTo(1);
            assertThat(attached.client(3).stderr()).contains("no executive can be used there");

            attached.serve(2);
            NodeProcess ninth = attached.attach(9, 2);
            ninth.await("a ring of four", SOON, log -> log.ring().size() == 4);
            attached.load(9);
            attached.awaitProgress(9, 100);
            ninth.tell("{\"op\":\"lease\"}");
            ninth.await(
                    "a refusal",
                    SOON,
                    log -> log.errors.stream()
                            .anyMatch(error -> error.path("error").asText().contains("lease")));

            attached.quit(List.of(2, 4, 5, 6, 7, 8, 9));
            Totem.check(folder, attached.logs());
            attached.checkSends();
        }
    }

    @Test
    void mistakesGetOneClearLine() throws Exception {
        Totem.Run nobody = Totem.run(
                folder, Duration.ofSeconds(30), "node", "--json", "--attach", "unix:" + folder.resolve("nobody"));
        assertThat(nobody.status()).isEqualTo(1);
        assertThat(nobody.err()).contains("attach=unix:", "no executive can be used there", "totem serve");
        Totem.Run both = Totem.run(
                folder,
                Duration.ofSeconds(30),
                "node",
                "--json",
                "--id",
                "1",
                "--quorum",
                "majority:3",
                "--attach",
                "unix:" + folder.resolve("x"));
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.err()).contains("--attach has no node of its own: leave out --id, --quorum");
        Totem.Run wrong = Totem.run(folder, Duration.ofSeconds(30), "node", "--json", "--attach", "carrier-pigeon");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("unix:PATH");
        Totem.Run missing = Totem.run(folder, Duration.ofSeconds(30), "node", "--json");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("Missing required options: '--id=N|auto', '--bind=HOST:PORT'");
    }
}
