/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four hosts whose nodes are connected by TCP, sealed and under load: partitions, kills, pauses. */
class TcpIT {

    private static final int BYTES = 600;

    /** Token and consensus timeouts, 2.2 s with their defaults, and some more for a machine that is shared. */
    private static final Duration PARTS = Duration.ofSeconds(10);

    /** A connection is silent for two seconds, and its next one takes up to one and a half. */
    private static final Duration MERGES = Duration.ofSeconds(10);

    /** What waits in its sockets comes first; usually it is half a second. */
    private static final Duration RETURNS = Duration.ofSeconds(10);

    /** The start of a JVM included. */
    private static final Duration JOINS = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @BeforeEach
    void needsALab() throws InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void partsAndMergesAndBearsKills(boolean isListed) throws Exception {
        try (NetLab lab = NetLab.of(4);
                Cluster cluster = Cluster.inLabByTcp(folder, lab, 4, isListed)) {
            UnderLoad load = UnderLoad.form(cluster, 4, BYTES);
            load.partAndMerge(lab, List.of(List.of(1, 2), List.of(3, 4)), PARTS, MERGES);
            load.killAndRestart(2, PARTS, JOINS);
            load.partAndMerge(lab, List.of(List.of(1), List.of(2, 3, 4)), PARTS, MERGES);
            load.killAndRestart(1, PARTS, JOINS);
            load.finish();
        }
    }

    @Test
    void bearsPausesOfAProcess() throws Exception {
        try (NetLab lab = NetLab.of(4);
                Cluster cluster = Cluster.inLabByTcp(folder, lab, 4, true)) {
            UnderLoad load = UnderLoad.form(cluster, 4, BYTES);
            int victim = 1;
            for (int millis : new int[] {100, 500, 1_000, 2_000, 4_000}) {
                load.pause(victim, millis, MERGES);
                victim = victim % 4 + 1;
            }
            load.finish();
        }
    }

    /** The stop lasts longer than a subscriber may take nothing by default, which would end the node's when it goes on. */
    @Test
    void whoHasStoppedReadingCostsTheOthersNothingButItself() throws Exception {
        try (NetLab lab = NetLab.of(4);
                Cluster cluster = Cluster.inLabByTcp(folder, lab, 4, true, "stall-limit=2m")) {
            UnderLoad load = UnderLoad.form(cluster, 4, BYTES);
            cluster.node(4).signal("STOP");
            cluster.awaitRing(PARTS, 1, 2, 3);
            load.awaitProgress(Duration.ofSeconds(40), 1_000, 1, 2, 3);
            assertThat(cluster.node(1).stats(PARTS).ring().members()).isEqualTo(3);
            cluster.node(4).signal("CONT");
            cluster.awaitRing(RETURNS, 1, 2, 3, 4);
            load.finish();
        }
    }
}
