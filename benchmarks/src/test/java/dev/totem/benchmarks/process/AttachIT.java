/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executives and their clients, each a process. */
class AttachIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int UNDER_WAY = 4;

    @TempDir
    Path folder;

    private final Map<Integer, ExecutiveProcess> executives = new TreeMap<>();
    private final Map<Integer, NodeProcess> clients = new TreeMap<>();
    private final List<Path> logs = new ArrayList<>();
    private final Set<Integer> stopped = new HashSet<>();

    @AfterEach
    void ends() {
        clients.values().forEach(NodeProcess::destroy);
        executives.values().forEach(ExecutiveProcess::destroy);
    }

    private void serve(Cluster cluster, int id) throws IOException {
        executives.put(
                id,
                ExecutiveProcess.start(cluster, id, socket(id), folder.resolve("e" + id + "-" + logs.size() + ".err")));
    }

    private Path socket(int executive) {
        return folder.resolve("e" + executive);
    }

    private NodeProcess attach(int client, int... at) throws IOException {
        List<String> words = new ArrayList<>(List.of("node", "--json", "--join", "lab"));
        for (int executive : at) {
            words.addAll(List.of("--attach", "unix:" + socket(executive)));
        }
        Path log = folder.resolve("client-" + client + ".json");
        NodeProcess process = new NodeProcess(at[0], Totem.command(64, words), log);
        clients.put(client, process);
        logs.add(log);
        return process;
    }

    /** Sends messages with names of their own, a few at a time, until it is told to stop or its process ends. */
    private Thread load(int client) {
        NodeProcess process = clients.get(client);
        Thread thread = new Thread(
                () -> {
                    try {
                        for (int n = 0; !isStopped(client); n++) {
                            int limit = n - UNDER_WAY;
                            process.await(
                                    "room", SOON, log -> log.closed || log.sent.size() + log.failed.size() > limit);
                            String tag = client + "-" + n;
                            process.send(tag, tag.getBytes(StandardCharsets.UTF_8), n % 3 == 0 ? "safe" : "agreed");
                        }
                    } catch (UncheckedIOException | AssertionError ended) {
                        // it was killed, or the test sees it by its log
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                },
                "load-" + client);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private synchronized boolean isStopped(int client) {
        return stopped.contains(client) || stopped.contains(0);
    }

    private synchronized void stop(int client) {
        stopped.add(client);
    }

    private void awaitProgress(int client, int more) throws InterruptedException {
        NodeProcess process = clients.get(client);
        int before = process.see(log -> log.sent.size());
        process.await(more + " more sends", SOON, log -> log.sent.size() >= before + more);
    }

    @Test
    void clientsOfFourExecutivesSurviveTheKillOfAClientAndOfAnExecutive() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 4, 96)) {
            for (int id = 1; id <= 4; id++) {
                serve(cluster, id);
            }
            for (int client = 1; client <= 8; client++) {
                int at = (client + 1) / 2;
                attach(client, client == 4 ? new int[] {2, 3} : new int[] {at});
            }
            for (NodeProcess client : clients.values()) {
                client.await("a ring of four", SOON, log -> log.ring().size() == 4);
                client.await("its groups", SOON, log -> log.kinds.contains("group"));
            }
            List<Thread> loads = new ArrayList<>();
            clients.keySet().forEach(client -> loads.add(load(client)));
            for (int client : clients.keySet()) {
                awaitProgress(client, 100);
            }

            clients.get(1).kill();
            awaitProgress(2, 100);
            awaitProgress(7, 100);

            long killedAt = System.nanoTime();
            executives.get(2).kill();
            clients.get(4).await("to be at another executive", SOON, log -> !log.errors.isEmpty());
            Totem.say("after kill -9 of its executive a client goes on at another in "
                    + (System.nanoTime() - killedAt) / 1_000_000 + " ms");
            awaitProgress(4, 100);
            awaitProgress(8, 100);
            assertThat(clients.get(3).waitFor(Duration.ofSeconds(20))).isEqualTo(1);
            assertThat(clients.get(3).stderr()).contains("no executive can be used there");

            serve(cluster, 2);
            attach(9, 2);
            clients.get(9).await("a ring of four", SOON, log -> log.ring().size() == 4);
            load(9);
            awaitProgress(9, 100);
            clients.get(9).tell("{\"op\":\"lease\"}");
            clients.get(9)
                    .await(
                            "a refusal",
                            SOON,
                            log -> log.errors.stream()
                                    .anyMatch(error ->
                                            error.path("error").asText().contains("lease")));

            stop(0);
            for (Thread load : loads) {
                load.join();
            }
            for (int client : List.of(2, 4, 5, 6, 7, 8, 9)) {
                clients.get(client).quit();
            }
            for (ExecutiveProcess executive : executives.values()) {
                executive.terminate();
            }
        }
        Totem.check(folder, logs);
        checkSends();
    }

    /** What was acknowledged is delivered, and nothing is delivered twice. */
    private void checkSends() throws IOException {
        Set<String> witnessed = new HashSet<>();
        for (JsonNode event : events(logs.get(7 - 1), "deliver")) {
            String tag = new String(event.path("data").binaryValue(), StandardCharsets.UTF_8);
            assertThat(witnessed.add(tag)).as("delivered once: " + tag).isTrue();
        }
        // Clients 7 and 8 leave last but one; what was acknowledged after that is the others' to say.
        for (Path log : logs) {
            Set<String> acknowledged = new HashSet<>();
            for (JsonNode event : events(log, "sent")) {
                assertThat(acknowledged.add(event.path("tag").asText())).isTrue();
            }
            Set<String> own = new HashSet<>();
            for (JsonNode event : events(log, "deliver")) {
                own.add(new String(event.path("data").binaryValue(), StandardCharsets.UTF_8));
            }
            Set<String> missing = new HashSet<>(acknowledged);
            missing.removeAll(own);
            missing.removeAll(witnessed);
            assertThat(missing).as("acknowledged in " + log + " and nowhere").isEmpty();
            for (JsonNode event : events(log, "send-failed")) {
                assertThat(acknowledged).doesNotContain(event.path("tag").asText());
            }
        }
        Totem.say(witnessed.size() + " messages of nine clients, each once");
    }

    private static List<JsonNode> events(Path log, String kind) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            if (line.endsWith("}")) {
                JsonNode event = JSON.readTree(line);
                if (event.path("event").asText().equals(kind)) {
                    events.add(event);
                }
            }
        }
        return events;
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
