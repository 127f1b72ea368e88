/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node of three is not what the lists say, nothing is sealed: the ring of the others stays whole. */
class MistakenListIT {

    private static final Duration START = Duration.ofSeconds(60);

    /** Many token timeouts, and many tries of the mistaken node. */
    private static final Duration WATCHED = Duration.ofSeconds(8);

    private final List<NodeProcess> nodes = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        nodes.forEach(NodeProcess::destroy);
    }

    @Test
    void aNodeThatListsTwoPeersWithTheirIdsSwappedCostsTheOthersNothing() throws Exception {
        int[] ports = Cluster.freePorts(3);
        int[] swapped = {ports[1], ports[0], ports[2]};
        start(1, ports[0], ports);
        start(2, ports[1], ports);
        awaitRing(1, 2);

        NodeProcess mistaken = watchedBeside(3, ports[2], swapped);

        assertThat(mistaken.stderr())
                .contains("peer 2 does not have the id it is listed with: frames from 127.0.0.1:" + ports[0]
                        + ", listed for peer 2, say they are of node 1, listed at 127.0.0.1:" + ports[1]);
    }

    @Test
    void aSecondNode1AtTheAddressOfNode3DisturbsNobody() throws Exception {
        int[] ports = Cluster.freePorts(3);
        start(1, ports[0], ports);
        start(2, ports[1], ports);
        awaitRing(1, 2);

        watchedBeside(1, ports[2], new int[] {ports[2], ports[1]});

        String claim = "frames from 127.0.0.1:" + ports[2] + ", listed for peer 3, say they are of node 1";
        assertThat(nodes.get(0).stderr() + nodes.get(1).stderr()).contains(claim);
    }

    /** Starts the mistaken node and watches the two others under load. */
    private NodeProcess watchedBeside(int id, int port, int[] listed) throws Exception {
        List<Integer> before = configs();
        NodeProcess mistaken = start(id, port, listed);
        mistaken.await("a configuration of its own", START, log -> !log.configs.isEmpty());
        Load load = Load.on(nodes.get(1), 100);
        Deadline.after(WATCHED, () -> {}).get(60, TimeUnit.SECONDS);
        load.finish(Duration.ofSeconds(20));

        for (int n = 0; n < 2; n++) {
            NodeProcess healthy = nodes.get(n);
            assertThat(healthy.configsAfter(before.get(n)))
                    .as("configurations of a healthy node; " + healthy.stderr() + mistaken.stderr())
                    .isEmpty();
        }
        assertThat(mistaken.see(NodeLog::ring)).isEqualTo(List.of(id));
        Totem.say(WATCHED.toSeconds() + " s beside a mistaken node: no new configuration");
        return mistaken;
    }

    private List<Integer> configs() {
        return nodes.stream().limit(2).map(node -> node.configs().size()).toList();
    }

    private void awaitRing(Integer... ids) throws InterruptedException {
        for (NodeProcess node : nodes) {
            node.await("a ring", START, log -> log.ring().equals(List.of(ids)));
        }
    }

    private NodeProcess start(int id, int port, int[] listed) throws IOException {
        int life = nodes.size();
        List<String> words = new ArrayList<>(List.of("node", "--json", "--suite", "none", "--join", "lab"));
        words.addAll(List.of("--id", String.valueOf(id), "--bind", "127.0.0.1:" + port, "--transport", "unicast"));
        for (int peer = 1; peer <= listed.length; peer++) {
            words.addAll(List.of("--peer", peer + "@127.0.0.1:" + listed[peer - 1]));
        }
        words.addAll(List.of("--state-dir", folder.resolve("state-" + life).toString()));
        NodeProcess node = new NodeProcess(id, Totem.command(128, words), folder.resolve("node-" + life + ".json"));
        nodes.add(node);
        return node;
    }
}
