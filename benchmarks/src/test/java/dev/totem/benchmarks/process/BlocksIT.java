/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The building blocks in three processes on loopback, driven by their lines. */
class BlocksIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final Map<Integer, BlocksProcess> nodes = new TreeMap<>();
    private int[] ports = {};
    private int lives;

    @BeforeEach
    void start() throws Exception {
        ports = Cluster.freePorts(3);
        Totem.Run keygen = Totem.run(
                folder, Duration.ofSeconds(20), "keygen", folder.resolve("key").toString());
        assertThat(keygen.status()).isZero();
        for (int id = 1; id <= 3; id++) {
            start(id);
        }
        for (BlocksProcess node : nodes.values()) {
            awaitInState(node);
        }
    }

    @AfterEach
    void end() {
        nodes.values().forEach(BlocksProcess::close);
    }

    private BlocksProcess start(int id) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("blocks", "--json", "--id", String.valueOf(id)));
        arguments.addAll(List.of("--bind", "127.0.0.1:" + ports[id - 1], "--transport", "unicast"));
        for (int peer = 1; peer <= 3; peer++) {
            arguments.addAll(List.of("--peer", peer + "@127.0.0.1:" + ports[peer - 1]));
        }
        arguments.addAll(List.of("--key", folder.resolve("key").toString()));
        arguments.addAll(List.of("--state-dir", folder.resolve("state-" + id).toString()));
        arguments.addAll(List.of("--join", "clerks", "--quorum", "majority:3", "--set", "token=500ms"));
        BlocksProcess node = new BlocksProcess(
                id, Totem.command(192, arguments), folder.resolve("node-" + id + "-life-" + ++lives + ".err"));
        nodes.put(id, node);
        return node;
    }

    private static void awaitInState(BlocksProcess node) throws InterruptedException {
        node.await("in-state", FORMS, event -> event.path("event").asText().equals("in-state"));
    }

    private BlocksProcess node(int id) {
        return nodes.get(id);
    }

    private JsonNode does(int id, String op, Object... fields) throws InterruptedException {
        return node(id).answer(node(id).ask(op, fields), SOON);
    }

    private static String kind(JsonNode event) {
        return event.path("event").asText();
    }

    @Test
    void entriesAndCountersAreTheSameEverywhere() throws Exception {
        JsonNode put = does(1, "put", "key", "k", "value", "1");
        assertThat(kind(put)).isEqualTo("done");
        assertThat(put.path("position").path("ring").path("seq").asLong()).isPositive();
        assertThat(does(2, "get", "key", "k").path("value").asText()).isEqualTo("1");
        assertThat(does(2, "get", "key", "none").path("value").isNull()).isTrue();
        assertThat(does(2, "cas", "key", "k", "expect", "1", "value", "2")
                        .path("applied")
                        .asBoolean())
                .isTrue();
        assertThat(does(3, "cas", "key", "k", "expect", "1", "value", "3")
                        .path("applied")
                        .asBoolean())
                .isFalse();
        assertThat(does(3, "cas", "key", "new", "expect", null, "value", "3")
                        .path("applied")
                        .asBoolean())
                .isTrue();
        assertThat(does(3, "get-local", "key", "k").path("value").asText()).isEqualTo("2");
        assertThat(kind(does(1, "remove", "key", "new"))).isEqualTo("done");
        for (int i = 1; i <= 6; i++) {
            assertThat(does(1 + i % 3, "add", "key", "visits", "by", 2)
                            .path("value")
                            .asLong())
                    .isEqualTo(2L * i);
        }
        assertThat(kind(does(1, "put", "key", "k"))).isEqualTo("failed");
        assertThat(does(1, "get", "key", "k").path("value").asText()).isEqualTo("2");
        Set<String> states = new HashSet<>();
        for (int id = 1; id <= 3; id++) {
            does(id, "get", "key", "k");
            JsonNode state = does(id, "dump");
            assertThat(state.path("map").toString()).isEqualTo("{\"k\":\"2\"}");
            states.add(state.path("hash").asText());
        }
        assertThat(states).hasSize(1);
        quit();
    }

    @Test
    void aLockGoesFromOneToTheNextAndIsNotLostWithItsHolder() throws Exception {
        JsonNode first = does(1, "lock", "name", "job");
        assertThat(kind(first)).isEqualTo("granted");
        assertThat(does(1, "lock", "name", "job").path("fate").asText()).isEqualTo("refused");
        String second = node(2).ask("lock", "name", "job");
        // Granted, so what was asked for before it has its place in the line.
        assertThat(kind(does(2, "lock", "name", "another"))).isEqualTo("granted");
        String third = node(3).ask("lock", "name", "job");
        assertThat(kind(does(1, "unlock", "name", "job"))).isEqualTo("done");
        JsonNode next = node(2).answer(second, SOON);
        assertThat(next.path("token").asText())
                .isGreaterThan(first.path("token").asText());
        assertThat(next.path("name").asText()).isEqualTo("job");

        long killedAtNanos = System.nanoTime();
        node(2).kill();
        JsonNode last = node(3).answer(third, SOON);
        Totem.say("kill -9 of the holder: the next one has the lock " + (System.nanoTime() - killedAtNanos) / 1_000_000
                + " ms later");
        assertThat(last.path("token").asText()).isGreaterThan(next.path("token").asText());
        assertThat(node(3).events("lock-lost")).isEmpty();
        assertThat(does(3, "add", "key", "c", "by", 1).path("value").asLong()).isEqualTo(1);
        awaitInState(start(2));
        assertThat(does(2, "get", "key", "k").path("event").asText()).isEqualTo("value");
        quit();
    }

    @Test
    void aLeaderIsFollowedByTheNext() throws Exception {
        for (int id : new int[] {2, 1, 3}) {
            node(id).tell(BlocksProcess.command("candidate", "name", "boss"));
            node(id).await("a leader", SOON, event -> isLeader(event, 2));
        }
        JsonNode own = node(2).events("leader").get(node(2).events("leader").size() - 1);
        assertThat(own.path("own").asBoolean()).isTrue();
        long killedAtNanos = System.nanoTime();
        node(2).kill();
        JsonNode next = node(1).await("the next leader", SOON, event -> isLeader(event, 1));
        Totem.say("kill -9 of the leader: the next one leads " + (System.nanoTime() - killedAtNanos) / 1_000_000
                + " ms later");
        assertThat(next.path("own").asBoolean()).isTrue();
        assertThat(next.path("term").asText()).isGreaterThan(own.path("term").asText());
        node(3).await("the next leader", SOON, event -> isLeader(event, 1));
        nodes.remove(2);
        quit();
    }

    private static boolean isLeader(JsonNode event, int node) {
        return kind(event).equals("leader") && event.path("node").asInt() == node;
    }

    @Test
    void anItemIsHandedToTheNextWorkerIfItsOwnIsGone() throws Exception {
        node(2).tell(BlocksProcess.command("work", "queue", "jobs", "demand", 10));
        for (String value : List.of("a", "b")) {
            assertThat(kind(does(1, "enqueue", "queue", "jobs", "value", value)))
                    .isEqualTo("done");
        }
        JsonNode first = node(2).await("a", SOON, event -> isItem(event, "a"));
        node(2).await("b", SOON, event -> isItem(event, "b"));
        assertThat(first.path("attempt").asInt()).isEqualTo(1);
        node(2).tell(BlocksProcess.command(
                "ack", "queue", "jobs", "item", first.path("item").asText()));
        does(2, "get", "key", "nothing");
        node(3).tell(BlocksProcess.command("work", "queue", "jobs", "demand", 10));
        node(2).kill();
        JsonNode again = node(3).await("b", SOON, event -> isItem(event, "b"));
        assertThat(again.path("attempt").asInt()).isEqualTo(2);
        node(3).tell(BlocksProcess.command(
                "ack", "queue", "jobs", "item", again.path("item").asText()));
        does(3, "get", "key", "nothing");
        assertThat(node(3).events("item")).hasSize(1);
        assertThat(node(3).events("failed")).isEmpty();
        nodes.remove(2);
        quit();
    }

    private static boolean isItem(JsonNode event, String value) {
        return kind(event).equals("item") && event.path("value").asText().equals(value);
    }

    @Test
    void allOfAGroupAnswerWhatTheyAreAsked() throws Exception {
        String tag = node(1).ask("ask", "group", "clerks", "data", "aGVsbG8=");
        assertThat(node(1).answer(tag, SOON).path("missing")).isEmpty();
        Set<Integer> who = new HashSet<>();
        for (JsonNode reply : node(1).events("reply")) {
            assertThat(reply.path("data").asText()).isEqualTo("aGVsbG8=");
            who.add(reply.path("node").asInt());
        }
        assertThat(who).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(does(2, "ask", "group", "nobody", "data", "").path("missing"))
                .isEmpty();
        quit();
    }

    private void quit() throws Exception {
        for (BlocksProcess node : nodes.values()) {
            node.quit();
        }
    }
}
