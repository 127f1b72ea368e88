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

/** Executives of a cluster and clients that send, each a process. One thread. */
final class AttachedClients implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(60);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int UNDER_WAY = 4;

    private final Path folder;
    private final Cluster cluster;
    private final Map<Integer, ExecutiveProcess> executives = new TreeMap<>();
    private final Map<Integer, NodeProcess> clients = new TreeMap<>();
    private final List<Path> logs = new ArrayList<>();
    private final List<Thread> loads = new ArrayList<>();
    private volatile boolean isStopped;

    AttachedClients(Path folder, Cluster cluster) {
        this.folder = folder;
        this.cluster = cluster;
    }

    /** Starts an executive, or its next life. */
    void serve(int id) throws IOException {
        Path err = folder.resolve("e" + id + "-" + System.nanoTime() + ".err");
        executives.put(id, ExecutiveProcess.start(cluster, id, socket(id), err));
    }

    private Path socket(int executive) {
        return folder.resolve("e" + executive);
    }

    ExecutiveProcess executive(int id) {
        return executives.get(id);
    }

    /** Starts a client of these executives, the first of them first. */
    NodeProcess attach(int client, int... at) throws IOException {
        List<String> words = new ArrayList<>(List.of("node", "--json", "--join", "lab"));
        for (int executive : at) {
            words.addAll(List.of("--attach", "unix:" + socket(executive)));
        }
        Path log = folder.resolve("client-" + logs.size() + ".json");
        NodeProcess process = new NodeProcess(at[0], Totem.command(64, words), log);
        clients.put(client, process);
        logs.add(log);
        return process;
    }

    NodeProcess client(int client) {
        return clients.get(client);
    }

    Set<Integer> clients() {
        return Set.copyOf(clients.keySet());
    }

    List<Path> logs() {
        return List.copyOf(logs);
    }

    /** They are in a ring of so many, and in their group. */
    void awaitRing(int nodes) throws InterruptedException {
        for (NodeProcess client : clients.values()) {
            client.await("a ring of " + nodes, SOON, log -> log.ring().size() == nodes);
            client.await("its groups", SOON, log -> log.kinds.contains("group"));
        }
    }

    /** Sends messages with names of their own, a few at a time, until all quit or its process ends. */
    void load(int client) {
        NodeProcess process = clients.get(client);
        int life = logs.size();
        Thread thread = new Thread(
                () -> {
                    try {
                        for (int n = 0; !isStopped; n++) {
                            int limit = n - UNDER_WAY;
                            process.await(
                                    "room", SOON, log -> log.closed || log.sent.size() + log.failed.size() > limit);
                            String tag = client + "." + life + "-" + n;
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
        loads.add(thread);
    }

    void awaitProgress(int client, int more) throws InterruptedException {
        NodeProcess process = clients.get(client);
        int before = process.see(log -> log.sent.size());
        process.await(more + " more sends", SOON, log -> log.sent.size() >= before + more);
    }

    /** Ends all load, then these clients and all executives, in order. */
    void quit(Iterable<Integer> those) throws IOException, InterruptedException {
        isStopped = true;
        for (Thread load : loads) {
            load.join();
        }
        for (int client : those) {
            clients.get(client).quit();
        }
        for (ExecutiveProcess executive : executives.values()) {
            executive.terminate();
        }
    }

    /** What was acknowledged is delivered somewhere, nothing is delivered twice anywhere, and no send has two outcomes. */
    void checkSends() throws IOException {
        Set<String> seen = new HashSet<>();
        Map<Path, Set<String>> delivered = new TreeMap<>();
        for (Path log : logs) {
            Set<String> own = new HashSet<>();
            for (JsonNode event : events(log, "deliver")) {
                String tag = new String(event.path("data").binaryValue(), StandardCharsets.UTF_8);
                assertThat(own.add(tag))
                        .as("delivered once to " + log + ": " + tag)
                        .isTrue();
            }
            delivered.put(log, own);
            seen.addAll(own);
        }
        int acknowledged = 0;
        for (Path log : logs) {
            Set<String> done = new HashSet<>();
            for (JsonNode event : events(log, "sent")) {
                assertThat(done.add(event.path("tag").asText())).isTrue();
            }
            for (JsonNode event : events(log, "send-failed")) {
                assertThat(done).doesNotContain(event.path("tag").asText());
            }
            acknowledged += done.size();
            done.removeAll(seen);
            assertThat(done).as("acknowledged in " + log + " and nowhere").isEmpty();
        }
        Totem.say(acknowledged + " acknowledged sends of " + logs.size() + " clients: none lost, none doubled");
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

    @Override
    public void close() {
        clients.values().forEach(NodeProcess::destroy);
        executives.values().forEach(ExecutiveProcess::destroy);
    }
}
