/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unicast on one subnet: what is sent to an address that nobody answers for waits for ARP, and takes its place in the socket
 * buffer of all others. On an untuned Linux as much may wait for each address as half of what the socket may have; so it is
 * here, whatever this machine grants.
 */
class DeadPeersIT {

    private static final Duration FORMS = Duration.ofSeconds(60);

    /** Token and consensus timeouts, 2.2 s with their defaults, and some more for a machine that is shared. */
    private static final Duration PARTS = Duration.ofSeconds(8);

    /** Longer than ARP asks before it gives up, several times. */
    private static final Duration A_WHILE = Duration.ofSeconds(12);

    @TempDir
    Path folder;

    @BeforeEach
    void needsALab() throws InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    @Test
    void threeLivePeersAreARingUnderLoadBesideThreeThatWereNeverThere() throws Exception {
        try (NetLab lab = NetLab.of(3);
                Cluster cluster = Cluster.inLabOneByOne(folder, lab, 6)) {
            lab.waitForArp(8 * sendBufferBytes());
            start(cluster, 3);
            cluster.awaitRing(FORMS, 1, 2, 3);
            staysOneRing(cluster);
        }
    }

    @Test
    void threeOfSixGoOnWhenTheOthersLosePower() throws Exception {
        try (NetLab lab = NetLab.of(6);
                Cluster cluster = Cluster.inLabOneByOne(folder, lab, 6)) {
            lab.waitForArp(8 * sendBufferBytes());
            start(cluster, 6);
            cluster.awaitRing(FORMS, 1, 2, 3, 4, 5, 6);
            lab.powerOff(List.of(4, 5, 6));
            for (int id = 4; id <= 6; id++) {
                cluster.kill(id);
            }
            cluster.awaitRing(PARTS, 1, 2, 3);
            staysOneRing(cluster);
        }
    }

    private static long sendBufferBytes() throws IOException {
        return Long.parseLong(
                Files.readString(Path.of("/proc/sys/net/core/wmem_max")).strip());
    }

    private static void start(Cluster cluster, int nodes) throws Exception {
        for (int id = 1; id <= nodes; id++) {
            cluster.start(id);
        }
    }

    private static void staysOneRing(Cluster cluster) throws Exception {
        List<Load> loads = new ArrayList<>();
        List<Integer> configs = new ArrayList<>();
        for (NodeProcess node : cluster.nodes()) {
            configs.add(node.configs().size());
            loads.add(Load.on(node, 20_000));
        }
        Deadline.after(A_WHILE, () -> {}).get(2 * A_WHILE.toSeconds(), TimeUnit.SECONDS);
        for (Load load : loads) {
            load.finish(Duration.ofSeconds(15));
        }
        for (NodeProcess node : cluster.nodes()) {
            assertThat(node.configsAfter(configs.remove(0)))
                    .as("configurations at node " + node.id() + " under load; it logged:\n" + node.stderr())
                    .isEmpty();
        }
        Totem.say("three of six are alive: one ring, " + cluster.node(1).see(log -> log.delivered.size())
                + " messages of 20,000 bytes");
        cluster.quitAndCheck();
    }
}
