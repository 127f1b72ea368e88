/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.core.NodeStats;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a path carries, as an ICMP message may claim, and what an interface carries, as it really does. */
class PathMtuIT {

    private static final Duration TIME = Duration.ofSeconds(60);

    private static final int LESS = 1_000;

    @TempDir
    Path folder;

    @BeforeEach
    void needsALab() throws InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    @Test
    @Tag("F2")
    void whatAForgedIcmpMessageSaysOfThePathChangesNothing() throws Exception {
        try (NetLab lab = NetLab.of(2);
                Cluster cluster = Cluster.inLabOneByOne(folder, lab, 2)) {
            ring(cluster);
            // Where the kernel keeps what an ICMP message said: the route to one address.
            lab.pathTo(1, 2, LESS);

            send(cluster, "path");

            NodeStats stats = cluster.node(1).stats(TIME);
            assertThat(stats.get(Statistics.LINK_SEGMENTATION_REFUSED)).isZero();
            assertThat(stats.get(Statistics.LINK_WRITE_ERRORS)).isZero();
            assertThat(lab.fragmentsMade(1)).isZero();
            cluster.restartAll(TIME);
            cluster.quitAndCheck();
        }
    }

    @Test
    @Tag("F2")
    void segmentationIsTriedAgainWhenTheInterfaceCarriesAsMuchAsBefore() throws Exception {
        try (NetLab lab = NetLab.of(2);
                Cluster cluster = Cluster.inLabOneByOne(folder, lab, 2)) {
            ring(cluster);
            lab.mtu(1, LESS);
            cluster.node(1).send("refused", new byte[200_000], "agreed");
            NodeStats refused = cluster.node(1).stats(TIME);
            for (Deadline deadline = Deadline.in(TIME);
                    refused.get(Statistics.LINK_SEGMENTATION_REFUSED) == 0 && deadline.millisLeft() > 0; ) {
                refused = cluster.node(1).stats(TIME);
            }
            assertThat(refused.get(Statistics.LINK_SEGMENTATION_REFUSED)).isPositive();
            assertThat(lab.fragmentsMade(1)).isZero();

            lab.mtu(1, 1_500);
            cluster.node(1).await("the message that waited", TIME, log -> log.sent.contains("refused"));
            double framesInAWrite = 1;
            for (Deadline deadline = Deadline.in(TIME); framesInAWrite < 2 && deadline.millisLeft() > 0; ) {
                NodeStats before = cluster.node(1).stats(TIME);
                send(cluster, "again" + deadline.millisLeft());
                NodeStats after = cluster.node(1).stats(TIME);
                framesInAWrite = (double) more(Statistics.LINK_FRAMES_SENT, before, after)
                        / more(Statistics.LINK_WRITES, before, after);
            }
            assertThat(framesInAWrite).isGreaterThanOrEqualTo(2);
            cluster.quitAndCheck();
        }
    }

    private static void ring(Cluster cluster) throws Exception {
        cluster.start(1);
        cluster.start(2);
        cluster.awaitRing(TIME, 1, 2);
    }

    private static void send(Cluster cluster, String tag) throws InterruptedException {
        cluster.node(1).send(tag, new byte[200_000], "agreed");
        cluster.node(1).await("a message of many frames", TIME, log -> log.sent.contains(tag));
    }

    private static long more(Statistic counter, NodeStats before, NodeStats after) {
        return after.get(counter) - before.get(counter);
    }
}
