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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a path carries, as an ICMP message may claim, and what an interface carries, as it really does. */
class PathMtuIT {

    private static final Duration TIME = Duration.ofSeconds(60);

    private static final int LESS = 1_000;

    private static final int JUMBO = 9_000;
    private static final int ETHERNET = 1_500;
    private static final int ROUTER = 1_400;
    private static final int HEADERS = 28;

    /** A switch of Linux takes a tag of a virtual network for a part of the packet. */
    private static final int SWITCH_SLACK = 4;

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

    @Test
    void jumboFramesAreUsedByThemselvesAndNotAnyMoreWhereTheyDoNotArrive() throws Exception {
        try (NetLab lab = NetLab.of(3)) {
            lab.carry(JUMBO);
            try (Cluster cluster = Cluster.inLab(folder, lab)) {
                start(cluster);
                awaitFrames(cluster, JUMBO - HEADERS, JUMBO - HEADERS);
                sendFromAll(cluster, "jumbo");
                List<Integer> before = configurations(cluster);

                lab.switchCarries(ETHERNET);
                sendFromAll(cluster, "less");
                awaitFrames(cluster, ETHERNET - HEADERS, ETHERNET - HEADERS + SWITCH_SLACK);
                sendFromAll(cluster, "ethernet");

                assertThat(configurations(cluster)).isEqualTo(before);
                assertNoFragments(lab);
                cluster.quitAndCheck();
            }
        }
    }

    @Test
    void aRouterThatSilentlyDropsWhatTheInterfacesCarryIsFoundOut() throws Exception {
        try (NetLab lab = NetLab.of(3)) {
            lab.carry(ETHERNET);
            lab.switchCarries(ROUTER);
            try (Cluster cluster = Cluster.inLabOneByOne(folder, lab, 3)) {
                start(cluster);
                List<Integer> before = configurations(cluster);

                sendFromAll(cluster, "first");
                awaitFrames(cluster, ROUTER - HEADERS, ROUTER - HEADERS + SWITCH_SLACK);
                sendFromAll(cluster, "second");

                assertThat(configurations(cluster)).isEqualTo(before);
                assertNoFragments(lab);
                cluster.quitAndCheck();
            }
        }
    }

    @Test
    void whatAnInterfaceCarriesLessInOperationChangesNothingElse() throws Exception {
        try (NetLab lab = NetLab.of(3)) {
            lab.carry(JUMBO);
            try (Cluster cluster = Cluster.inLabOneByOne(folder, lab, 3)) {
                start(cluster);
                awaitFrames(cluster, JUMBO - HEADERS, JUMBO - HEADERS);
                List<Integer> before = configurations(cluster);

                lab.carry(ETHERNET);
                sendFromAll(cluster, "less");
                awaitFrames(cluster, ETHERNET - HEADERS, ETHERNET - HEADERS + SWITCH_SLACK);

                assertThat(configurations(cluster)).isEqualTo(before);
                assertNoFragments(lab);
                cluster.quitAndCheck();
            }
        }
    }

    private static void start(Cluster cluster) throws Exception {
        for (int id = 1; id <= 3; id++) {
            cluster.start(id);
        }
        cluster.awaitRing(TIME, 1, 2, 3);
    }

    private static void sendFromAll(Cluster cluster, String tag) throws InterruptedException {
        for (int id = 1; id <= 3; id++) {
            cluster.node(id).send(tag + id, new byte[200_000], "agreed");
        }
        for (int id = 1; id <= 3; id++) {
            String sent = tag + id;
            cluster.node(id).await("a message of many frames", TIME, log -> log.sent.contains(sent));
        }
    }

    private static void awaitFrames(Cluster cluster, long least, long most) throws InterruptedException {
        for (int id = 1; id <= 3; id++) {
            long frameBytes = 0;
            for (Deadline deadline = Deadline.in(TIME);
                    (frameBytes < least || frameBytes > most) && deadline.millisLeft() > 0; ) {
                frameBytes = cluster.node(id).stats(TIME).link().frameBytes();
            }
            assertThat(frameBytes).as("frames of node " + id).isBetween(least, most);
        }
    }

    private static List<Integer> configurations(Cluster cluster) {
        return cluster.nodes().stream().map(node -> node.configs().size()).toList();
    }

    private static void assertNoFragments(NetLab lab) throws Exception {
        for (int host = 1; host <= 3; host++) {
            assertThat(lab.fragmentsMade(host)).isZero();
            assertThat(lab.fragmentsGot(host)).isZero();
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
