/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults among real processes, each named by a configuration that follows, at every member. */
class CausesIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration CHANGES = Duration.ofSeconds(20);
    private static final String SETTING = "token=500ms";

    /** What is noticed on a ring that goes on for two token timeouts is no cause of its end. */
    private static final Duration FORGOTTEN = Duration.ofMillis(1_200);

    @TempDir
    Path folder;

    private final Map<Integer, Integer> before = new TreeMap<>();
    private Cluster cluster;

    @AfterEach
    void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void namesWhoStoppedWasKilledCameBackOtherwiseAndLeft() throws Exception {
        cluster = Cluster.onLoopback(folder, 3, 192, SETTING);
        form(3);

        fault();
        cluster.node(3).signal("STOP");
        told("member-silent", 3, 1, 2);
        told("token-lost", 0, 1, 2);

        fault();
        cluster.node(3).signal("CONT");
        told("paused", 0, 1, 2, 3);
        cluster.awaitRing(CHANGES, 1, 2, 3);

        fault();
        cluster.kill(3);
        told("member-silent", 3, 1, 2);
        told("token-lost", 0, 1, 2);
        cluster.awaitRing(CHANGES, 1, 2);

        fault();
        cluster.startWith(3, List.of("max-message-size=2097152"));
        told("foreign-ring", 0, 1, 2, 3);
        told("settings-differ", cause -> cause.path("setting").asText().equals("max-message-size"), 1, 2, 3);
        cluster.awaitRing(CHANGES, 1, 2, 3);

        fault();
        cluster.node(3).quit();
        told("member-left", 3, 1, 2);
    }

    @Test
    void namesFramesUnderAnotherSuiteAndUnderAnotherKey() throws Exception {
        cluster = Cluster.onLoopback(folder, 3, 192, SETTING);
        form(2);

        cluster.startUnder(3, "chacha20-poly1305");
        cluster.awaitRing(FORMS, 3);
        fault();
        cluster.kill(2);
        told("key-unknown", cause -> cause.path("why").asText().equals("other-suite"), 1);
        told("member-silent", 2, 1);

        cluster.kill(3);
        cluster.start(2);
        cluster.awaitRing(FORMS, 1, 2);
        Path ours = folder.resolve("ours.key");
        Files.move(cluster.key(), ours);
        assertThat(Totem.run(folder, FORMS, "keygen", cluster.key().toString()).status())
                .isZero();
        cluster.start(3);
        cluster.awaitRing(FORMS, 3);
        Files.move(ours, cluster.key(), StandardCopyOption.REPLACE_EXISTING);
        Deadline.after(FORGOTTEN, () -> {}).get();
        fault();
        cluster.kill(2);
        told("key-unknown", cause -> cause.path("why").asText().equals("not-authentic"), 1);
        told("member-silent", 2, 1);
    }

    @Test
    void namesWhatTheNetworkDoes() throws Exception {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        try (NetLab lab = NetLab.of(4)) {
            cluster = Cluster.inLab(folder, lab, SETTING, "fail-recv-const=50");
            form(4);

            fault();
            lab.partition(List.of(List.of(1, 2), List.of(3, 4)));
            told("member-silent", 3, 1, 2);
            told("member-silent", 4, 1, 2);
            told("member-silent", 1, 3, 4);
            told("token-lost", 0, 1, 2);
            cluster.awaitRing(CHANGES, 1, 2);
            cluster.awaitRing(CHANGES, 3, 4);

            fault();
            lab.heal();
            told("foreign-ring", 0, 1, 2, 3, 4);
            cluster.awaitRing(CHANGES, 1, 2, 3, 4);

            fault();
            lab.deafen(1, 4);
            told("member-silent", cause -> isAbout(4, cause) && isAt(1, cause), 1);
            told("member-silent", 4, 2, 3, 4);
            lab.hear(1);
            cluster.awaitRing(CHANGES, 1, 2, 3, 4);

            aMemberThatReceivesTokensOnly(lab);

            cluster.kill(4);
            cluster.awaitRing(CHANGES, 1, 2, 3);
            fault();
            NodeProcess twin = cluster.startTwin(3, 4);
            told("twin", cause -> isAt(3, cause), 3);
            told("new-life", 3, 1, 2);
            assertThat(twin.waitFor(FORMS)).isNotZero();
            cluster.awaitRing(CHANGES, 1, 2, 3);
        }
    }

    /** As one whose receive buffer is too small for what comes in a rotation. */
    private void aMemberThatReceivesTokensOnly(NetLab lab) throws Exception {
        fault();
        lab.deafenToLonger(3, 600);
        cluster.node(1).send("long", new byte[1_000], "agreed");
        told("failed-to-receive", 3, 1, 2, 4);
        lab.hear(3);
        cluster.awaitRing(CHANGES, 1, 2, 3, 4);
    }

    private void form(int nodes) throws Exception {
        for (int id = 1; id <= nodes; id++) {
            cluster.start(id);
        }
        cluster.awaitRing(FORMS, IntStream.rangeClosed(1, nodes).toArray());
    }

    /** What comes from now on may have the next fault for its cause. */
    private void fault() {
        before.clear();
        cluster.nodes().forEach(node -> before.put(node.id(), node.configs().size()));
    }

    /**
     * Each of these has a configuration that has such a cause.
     *
     * @param about the node that it is about, or 0
     */
    private void told(String kind, int about, int... members) throws Exception {
        told(kind, cause -> about == 0 || isAbout(about, cause), members);
    }

    private void told(String kind, Predicate<JsonNode> which, int... members) throws Exception {
        for (int member : members) {
            int first = before.getOrDefault(member, 0);
            cluster.node(member)
                    .await(
                            "the cause " + kind,
                            CHANGES,
                            log -> log.configs.stream()
                                    .skip(first)
                                    .flatMap(config -> config.causes().stream())
                                    .anyMatch(
                                            cause -> cause.path("kind").asText().equals(kind) && which.test(cause)));
        }
    }

    private static boolean isAbout(int node, JsonNode cause) {
        return cause.path("node").asInt() == node;
    }

    private static boolean isAt(int node, JsonNode cause) {
        return cause.path("at").asInt() == node;
    }
}
