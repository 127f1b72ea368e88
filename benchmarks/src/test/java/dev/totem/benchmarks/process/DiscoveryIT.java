/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts of the lab that know one name of the DNS, or one other host. */
class DiscoveryIT {

    private static final Duration FORMS = Duration.ofSeconds(90);

    /** The merge interval, the time to live and one second more; and some more for a machine that is shared. */
    private static final Duration JOINS = Duration.ofSeconds(15);

    private static final int SERVER = 8;

    @TempDir
    Path folder;

    @BeforeEach
    void needsALab() throws InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    @Test
    void nodesThatKnowOneNameAreOneRing() throws Exception {
        try (NetLab lab = NetLab.of(SERVER)) {
            Process server = new ProcessBuilder(onHost(lab, SERVER)).inheritIO().start();
            Path resolver = Files.write(
                    folder.resolve("resolv.conf"), NameServerProcess.resolverConfiguration(lab.address(SERVER)));
            try (Cluster cluster = Cluster.inLabByName(folder, lab, "ring", resolver)) {
                known(lab);
                for (int id : new int[] {3, 1, 5, 2, 4}) {
                    cluster.start(id);
                }
                cluster.node(5)
                        .await("a ring of its own", FORMS, log -> !log.ring().isEmpty());
                long namedNanos = System.nanoTime();
                known(lab, 1, 2, 3, 4, 5);
                cluster.awaitRing(FORMS, 1, 2, 3, 4, 5);
                say("five nodes are one ring", namedNanos);

                known(lab, 1, 2, 3, 4, 5, 6);
                cluster.start(6);
                cluster.awaitRing(FORMS, 1, 2, 3, 4, 5, 6);

                // The third goes, and comes back at the address of the seventh host, where it knows only the name too.
                cluster.kill(3);
                cluster.awaitRing(FORMS, 1, 2, 4, 5, 6);
                known(lab, 1, 2, 4, 5, 6, 7);
                cluster.start(7);
                cluster.awaitRing(FORMS, 1, 2, 4, 5, 6, 7);

                serverDown();
                int[] before = configs(cluster);
                Deadline.after(Duration.ofSeconds(10), () -> {}).get(20, TimeUnit.SECONDS);
                assertThat(configs(cluster))
                        .as("configurations while the name server is down")
                        .isEqualTo(before);
                known(lab, 1, 2, 4, 5, 6, 7);
                cluster.quitAndCheck();
            } finally {
                server.destroyForcibly();
            }
        }
    }

    @Test
    void aNewNodeIsFoundWithinTheMergeIntervalAndTheTimeToLive() throws Exception {
        try (NetLab lab = NetLab.of(SERVER)) {
            Process server = new ProcessBuilder(onHost(lab, SERVER)).inheritIO().start();
            Path resolver = Files.write(
                    folder.resolve("resolv.conf"), NameServerProcess.resolverConfiguration(lab.address(SERVER)));
            try (Cluster cluster = Cluster.inLabByName(folder, lab, "ring", resolver)) {
                known(lab, 1);
                for (int id = 1; id <= 3; id++) {
                    cluster.start(id);
                }
                cluster.awaitRing(FORMS, 1, 2, 3);
                // It looks for nobody by itself: nothing but its name leads to it.
                cluster.startAlone(4, "--discover", "static:" + lab.address(4) + ":5405");
                cluster.awaitRing(FORMS, 4);
                long namedNanos = System.nanoTime();
                known(lab, 1, 4);
                cluster.awaitRing(JOINS, 1, 2, 3, 4);
                say("a node that was added to the name is in the ring", namedNanos);
                cluster.quitAndCheck();
            } finally {
                server.destroyForcibly();
            }
        }
    }

    @Test
    void ofAChainInWhichEachKnowsOneOtherAllBecomeOneRing() throws Exception {
        try (NetLab lab = NetLab.of(5);
                Cluster cluster = Cluster.inLabAsChain(folder, lab, 5)) {
            for (int id = 1; id <= 5; id++) {
                cluster.start(id);
            }
            cluster.awaitRing(FORMS, 1, 2, 3, 4, 5);
            cluster.kill(3);
            cluster.awaitRing(FORMS, 1, 2, 4, 5);
            cluster.start(3);
            cluster.awaitRing(FORMS, 1, 2, 3, 4, 5);
            cluster.quitAndCheck();
        }
    }

    private List<String> onHost(NetLab lab, int host) {
        List<String> words = new ArrayList<>(lab.inside(host));
        words.addAll(NameServerProcess.command(lab.address(host), folder.resolve("zone")));
        return words;
    }

    /** From now on the name has the addresses of these hosts. */
    private void known(NetLab lab, int... hosts) throws IOException {
        String lines = IntStream.of(hosts).mapToObj(lab::address).collect(Collectors.joining("\n"));
        Path made = Files.writeString(folder.resolve("zone.new"), lines);
        Files.move(made, folder.resolve("zone"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void serverDown() throws IOException {
        Files.delete(folder.resolve("zone"));
    }

    private static int[] configs(Cluster cluster) {
        return cluster.nodes().stream().mapToInt(node -> node.configs().size()).toArray();
    }

    private static void say(String what, long sinceNanos) {
        Totem.say(what + " " + (System.nanoTime() - sinceNanos) / 1_000_000 + " ms after the name was changed");
    }
}
