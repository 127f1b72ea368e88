/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import dev.totem.core.Guarantee;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.SimCluster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** One node after the other leaves in order and comes back, while all send SAFE messages; every second seed loses some. */
final class RollingStop {

    private static final int SIZE = 4;
    private static final int SENDS = 60;
    private static final int BYTES_MAX = 3_000;
    private static final long BETWEEN_NANOS = 100_000;
    private static final double LOSS = 0.05;
    private static final Duration REST = Duration.ofSeconds(8);
    private static final Duration RESTARTED = Duration.ofMillis(300);

    private final SplittableRandom random;
    private final SimCluster cluster;

    private RollingStop(long seed) {
        random = new SplittableRandom(seed);
        cluster = SimCluster.create(seed, SIZE, Faults.none());
        cluster.startAll();
        cluster.runUntil(cluster::isOneRing, REST);
        cluster.faults(Faults.none().withLoss(seed % 2 == 0 ? LOSS : 0));
    }

    /** The properties that the run of a seed violated, each with the details. */
    static Map<String, String> run(long seed) {
        RollingStop run = new RollingStop(seed);
        Map<String, String> violated = new LinkedHashMap<>();
        for (int leaver = 1; leaver <= SIZE; leaver++) {
            if (!run.stop(leaver)) {
                violated.put("a leave ends in time", "node " + leaver);
            }
        }
        if (!run.cluster.quiesce(REST)) {
            violated.put("all come to rest", run.cluster.state());
        }
        violated.putAll(Violated.by(
                violated.isEmpty() ? run.cluster.checkAtEnd() : run.cluster.check(), run.cluster.failures()));
        return violated;
    }

    private boolean stop(int leaver) {
        send();
        cluster.node(leaver).leave();
        send();
        boolean hasLeft = cluster.runUntil(() -> !cluster.node(leaver).isLive(), REST);
        cluster.restart(leaver);
        cluster.run(RESTARTED);
        return hasLeft;
    }

    private void send() {
        for (int i = 0; i < SENDS; i++) {
            cluster.node(1 + random.nextInt(SIZE)).send(0, 0, Guarantee.SAFE, 100 + random.nextInt(BYTES_MAX));
            cluster.run(Duration.ofNanos(random.nextLong(BETWEEN_NANOS)));
        }
    }
}
