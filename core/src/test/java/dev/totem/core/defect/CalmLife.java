/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.defect;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.check.CheckReport;
import dev.totem.core.check.LogEvent;
import dev.totem.core.sim.Faults;
import dev.totem.core.sim.SimCluster;
import dev.totem.core.sim.SimNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A life of a cluster in which one thing happens at a time, so that it can be said how long each may take, and what must
 * not happen at all. Random schedules have no such bounds, as anything may disturb anything there.
 */
final class CalmLife {

    private static final Duration TOKEN = Duration.ofMillis(100);
    private static final Duration FORMED_MAX = TOKEN.multipliedBy(5);
    private static final Duration CHANGED_MAX = TOKEN.multipliedBy(6);
    private static final Duration LEFT_MAX = TOKEN.dividedBy(2);
    private static final Duration LATENCY_MAX = Duration.ofMillis(5);
    private static final Duration LOSSY_MAX = TOKEN.multipliedBy(30);
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** Of a ring that is idle for that long, per member. */
    private static final int IDLE_DATAGRAMS_MAX = 100;

    private final SplittableRandom random;
    private final int size;
    private final SimCluster cluster;

    private CalmLife(long seed) {
        random = new SplittableRandom(seed);
        size = random.nextInt(3, 6);
        cluster = SimCluster.create(seed, size, Faults.none());
    }

    /** What went wrong in the life of this seed: first a short name, then the details; empty if nothing. */
    static List<String> run(long seed) {
        CalmLife life = new CalmLife(seed);
        try {
            life.live();
        } catch (Late late) {
            return List.of(late.getMessage(), life.cluster.state());
        }
        List<String> failures = life.cluster.failures();
        CheckReport report = life.cluster.checkAtEnd();
        return failures.isEmpty() && report.passed()
                ? List.of()
                : List.of("after all a property is violated", failures + "\n" + report.text());
    }

    private void live() {
        cluster.startAll();
        within(FORMED_MAX, cluster::isOneRing, "a ring forms late");
        int divided = random.nextInt(1, size);
        cluster.partition(ids(1, divided), ids(divided + 1, size));
        within(CHANGED_MAX, () -> isRing(ids(1, divided)) && isRing(ids(divided + 1, size)), "a partition takes long");
        cluster.run(IDLE);
        cluster.heal();
        within(CHANGED_MAX, cluster::isOneRing, "idle rings merge late");
        badWeather();
        idle();
        leave();
        crash();
    }

    /** What is lost, repeated and late changes no configuration. */
    private void badWeather() {
        long changes = changes();
        cluster.faults(Faults.none()
                .withLoss(0.05)
                .withDuplication(0.1)
                .withReordering(0.2)
                .withReplay(0.2));
        for (int i = 0; i < 20; i++) {
            for (SimNode node : cluster.nodes()) {
                node.send(i, i, i % 3 == 0 ? Guarantee.SAFE : Guarantee.AGREED, random.nextInt(3_000));
            }
            cluster.run(Duration.ofNanos(random.nextLong(10_000_000)));
        }
        within(LOSSY_MAX, cluster::nothingPending, "sends end late");
        cluster.faults(Faults.none());
        cluster.run(IDLE);
        require(changes == changes(), "a change without a fault");
    }

    /** An idle ring is quiet, and awake at once. */
    private void idle() {
        long before = cluster.datagrams();
        cluster.run(IDLE);
        require(cluster.datagrams() - before <= (long) size * IDLE_DATAGRAMS_MAX, "an idle ring is busy");
        cluster.node(1 + random.nextInt(size)).send(0, 0, Guarantee.SAFE, 100);
        within(LATENCY_MAX, cluster::nothingPending, "an idle ring wakes late");
    }

    private void leave() {
        int leaver = 1 + random.nextInt(size);
        cluster.node(leaver).leave();
        within(LEFT_MAX, () -> cluster.isOneRing() && !cluster.node(leaver).isLive(), "a leave takes long");
        cluster.restart(leaver);
        within(CHANGED_MAX, cluster::isOneRing, "a ring grows late");
    }

    private void crash() {
        int crashed = 1 + random.nextInt(size);
        cluster.crash(crashed);
        within(CHANGED_MAX, cluster::isOneRing, "a crash takes long");
        cluster.restart(crashed);
        within(CHANGED_MAX, cluster::isOneRing, "a ring grows late");
        cluster.run(IDLE);
    }

    private void within(Duration limit, BooleanSupplier holds, String otherwise) {
        require(cluster.runUntil(holds, limit), otherwise);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Late(otherwise);
        }
    }

    private boolean isRing(int[] ids) {
        List<NodeId> members = new ArrayList<>();
        for (int id : ids) {
            members.add(NodeId.of(id));
        }
        return cluster.isOneRing(members);
    }

    private static int[] ids(int first, int last) {
        return IntStream.rangeClosed(first, last).toArray();
    }

    private long changes() {
        return cluster.logs().stream()
                .flatMap(log -> log.events().stream())
                .filter(LogEvent.Conf.class::isInstance)
                .count();
    }

    private static final class Late extends RuntimeException {

        private static final long serialVersionUID = 1;

        Late(String what) {
            super(what);
        }
    }
}
