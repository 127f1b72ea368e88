/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host whose interface or address goes and comes back, or is another one, while all send. */
class MovingAddressIT {

    private static final Duration FORMS = Duration.ofSeconds(90);

    /** Token and consensus timeouts, and some more for a machine that is shared. */
    private static final Duration PARTS = Duration.ofSeconds(15);

    /** Two seconds are wanted; more is allowed on a machine that is shared. What it took is printed. */
    private static final Duration RETURNS = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private NetLab lab;
    private Cluster cluster;

    @BeforeEach
    void needsALab() throws InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    @Test
    void isBackWithoutARestart() throws Exception {
        try (NetLab hosts = NetLab.of(4);
                Cluster nodes = Cluster.inLabByInterface(folder, hosts, 3)) {
            lab = hosts;
            cluster = nodes;
            List<Load> loads = new ArrayList<>();
            for (int id = 1; id <= 3; id++) {
                cluster.start(id);
            }
            cluster.awaitRing(FORMS, 1, 2, 3);
            cluster.nodes().forEach(node -> loads.add(Load.on(node, 200)));

            lab.switchInterface(3, false);
            parted();
            lab.switchInterface(3, true);
            returned("the interface was switched on");

            lab.changeAddress(3, "del", 3);
            parted();
            lab.changeAddress(3, "add", 3);
            returned("the address was there again");

            lab.changeAddress(3, "del", 3);
            parted();
            lab.changeAddress(3, "add", 33);
            returned("there was another address");

            for (Load load : loads) {
                load.finish(Duration.ofSeconds(15));
            }
            assertThat(lines("this host does not have the address")).isEqualTo(2);
            assertThat(lines("this host has the address")).isEqualTo(1);
            assertThat(lines("this node moves from")).isEqualTo(1);
            cluster.quitAndCheck();
        }
    }

    @Test
    void startsWhenTheInterfaceIsThere() throws Exception {
        try (NetLab hosts = NetLab.of(3);
                Cluster nodes = Cluster.inLabByInterface(folder, hosts, 3)) {
            lab = hosts;
            cluster = nodes;
            lab.unplug(3);
            for (int id = 1; id <= 3; id++) {
                cluster.start(id);
            }
            cluster.awaitRing(FORMS, 1, 2);
            Deadline.after(Duration.ofSeconds(2), () -> {}).get(10, TimeUnit.SECONDS);
            lab.plug(3);
            returned("the interface was made");
            assertThat(lines("has no such address yet")).isEqualTo(1);
            cluster.quitAndCheck();
        }
    }

    private void parted() throws Exception {
        cluster.awaitRing(PARTS, 1, 2);
        Deadline.after(Duration.ofSeconds(1), () -> {}).get(10, TimeUnit.SECONDS);
    }

    private void returned(String what) throws Exception {
        long sinceNanos = System.nanoTime();
        cluster.awaitRing(RETURNS, 1, 2, 3);
        Totem.say("one ring " + (System.nanoTime() - sinceNanos) / 1_000_000 + " ms after " + what);
    }

    private long lines(String text) throws Exception {
        return cluster.node(3)
                .stderr()
                .lines()
                .filter(line -> line.contains(text))
                .count();
    }
}
