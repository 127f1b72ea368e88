/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.testkit.internal.check.CheckReport;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.check.MessageId;
import dev.totem.testkit.internal.sim.DiskFate;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
    private static final Duration REPAIRED_MAX = Duration.ofMillis(20);
    private static final Duration LOSSY_MAX = TOKEN.multipliedBy(30);
    private static final Duration SETTLED_MAX = TOKEN.multipliedBy(30);
    private static final Duration SPENT_MAX = TOKEN.multipliedBy(100);
    private static final Duration STALL = TOKEN.multipliedBy(6);
    private static final Duration DEAF_MAX = TOKEN.multipliedBy(10);
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** Of a ring with a link that works one way, per member in that time. */
    private static final int SETTLED_CHANGES_MAX = 4;

    private static final int WINDOW = 16;

    /** What its queue has room for, what it sends itself, and about what is under way when it begins to hold the ring back. */
    private static final int STALLED_MESSAGES_MAX = (4 + 5 + 4) * WINDOW;

    /** What a message of the stalled counts, with its objects. */
    private static final int HELD_BYTES = 1_300;

    private static final int ECHOES = 16;
    private static final double LEAVER_LOSS = 0.8;
    private static final int LARGE_BYTES = 1_000;
    private static final int FAIL_RECV_VISITS = 300;

    /** Of a ring that is idle for that long, per member. */
    private static final int IDLE_DATAGRAMS_MAX = 100;

    private final SplittableRandom random;
    private final int size;
    private final SimCluster cluster;

    private CalmLife(long seed) {
        random = new SplittableRandom(seed);
        size = random.nextInt(3, 6);
        cluster = SimCluster.create(seed, size, Faults.none(), config(), NodeLauncher.production());
        cluster.scarceNumbers();
    }

    /** A small window and store, so that numbers soon exceed them. */
    private static NodeSettings config() {
        return NodeSettings.defaults()
                .with(Settings.TOKEN, TOKEN)
                .with(Settings.WINDOW_SIZE, WINDOW)
                .with(Settings.STORE_FRAMES, 4 * WINDOW)
                .with(Settings.FAIL_RECV_CONST, FAIL_RECV_VISITS)
                .with(Settings.SUBSCRIBER_EVENTS, 4 * WINDOW);
    }

    /** The properties that the life of this seed violated, each with the details. */
    static Map<String, String> run(long seed) {
        CalmLife life = new CalmLife(seed);
        Map<String, String> violated = life.violatedBy(life::live);
        return violated.isEmpty() ? life.violatedBy(life::twin) : violated;
    }

    private Map<String, String> violatedBy(Runnable part) {
        Map<String, String> violated = new LinkedHashMap<>();
        try {
            part.run();
        } catch (Broken broken) {
            violated.put(broken.getMessage(), cluster.state());
        }
        CheckReport report = violated.isEmpty() ? cluster.checkAtEnd() : cluster.check();
        violated.putAll(Violated.by(report, cluster.failures()));
        return violated;
    }

    private void live() {
        cluster.startAll();
        within(FORMED_MAX, cluster::isOneRing, "a ring forms in time");
        int divided = random.nextInt(1, size);
        cluster.partition(ids(1, divided), ids(divided + 1, size));
        within(
                CHANGED_MAX,
                () -> isRing(ids(1, divided)) && isRing(ids(divided + 1, size)),
                "a partition is noticed in time");
        cluster.run(IDLE);
        cluster.heal();
        within(CHANGED_MAX, cluster::isOneRing, "idle rings merge in time");
        badWeather();
        idle();
        repair();
        deaf();
        leave();
        crash();
        oneWay();
        tokensOneWay();
        stall();
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
        within(LOSSY_MAX, cluster::nothingPending, "sends end in time");
        cluster.faults(Faults.none());
        cluster.run(IDLE);
        require(changes == changes(), "no change without a fault");
    }

    /** An idle ring is quiet, and awake at once. */
    private void idle() {
        long before = cluster.datagrams();
        cluster.run(IDLE);
        require(cluster.datagrams() - before <= (long) size * IDLE_DATAGRAMS_MAX, "an idle ring is quiet");
        for (SimNode node : cluster.nodes()) {
            node.send(0, 0, Guarantee.SAFE, 100);
            within(LATENCY_MAX, cluster::nothingPending, "an idle ring wakes at once");
            cluster.run(TOKEN);
        }
    }

    /** What nobody received is asked for, though nothing follows it. */
    private void repair() {
        cluster.faults(Faults.none().withLargeLoss(LARGE_BYTES, 1));
        cluster.node(1 + random.nextInt(size)).send(0, 0, Guarantee.SAFE, LARGE_BYTES + 1);
        cluster.run(REPAIRED_MAX.dividedBy(5));
        cluster.faults(Faults.none());
        within(REPAIRED_MAX, cluster::nothingPending, "losses are repaired in time");
    }

    /** What nobody can receive is not asked for for ever. */
    private void deaf() {
        long changes = changes();
        cluster.faults(Faults.none().withLargeLoss(LARGE_BYTES, 1));
        cluster.node(1 + random.nextInt(size)).send(0, 0, Guarantee.AGREED, LARGE_BYTES + 1);
        within(DEAF_MAX, () -> changes() > changes, "failure to receive is noticed in time");
        cluster.faults(Faults.none());
        within(LOSSY_MAX, () -> cluster.isOneRing() && cluster.nothingPending(), "sends end in time");
    }

    /** Farewell is quick on an idle ring, and a leaver with things to do takes nothing along. */
    private void leave() {
        SimNode leaver = cluster.node(1 + random.nextInt(size));
        leaver.leave();
        within(LEFT_MAX, () -> cluster.isOneRing() && !leaver.isLive(), "a leave is quick");
        cluster.restart(leaver.id().value());
        within(CHANGED_MAX, cluster::isOneRing, "a ring grows in time");

        cluster.faults(Faults.none().withLargeLoss(LARGE_BYTES, LEAVER_LOSS));
        for (int i = 0; i < 5; i++) {
            leaver.send(i, i, Guarantee.AGREED, LARGE_BYTES + 1);
        }
        leaver.leave();
        within(LOSSY_MAX, () -> !leaver.isLive(), "a leave ends in time");
        cluster.faults(Faults.none());
        within(CHANGED_MAX, () -> cluster.isOneRing() && cluster.nothingPending(), "a leave is noticed in time");
        require(events(leaver).noneMatch(LogEvent.Unsent.class::isInstance), "a leaver's sends are ordered");
        Set<MessageId> delivered = delivered(
                leaver.logs().subList(leaver.logs().size() - 1, leaver.logs().size()));
        cluster.live()
                .forEach(id -> require(
                        delivered(cluster.node(id.value()).logs()).containsAll(delivered),
                        "what a leaver delivered is delivered"));
        cluster.restart(leaver.id().value());
        within(CHANGED_MAX, cluster::isOneRing, "a ring grows in time");
    }

    private void crash() {
        int crashed = 1 + random.nextInt(size);
        cluster.crash(crashed);
        within(CHANGED_MAX, () -> isOneRingAmongEchoes(), "a crash is noticed in time");
        cluster.restart(crashed, DiskFate.LOST);
        within(CHANGED_MAX, cluster::isOneRing, "a ring grows in time");
        cluster.run(IDLE);
    }

    /** What arrives once more, tokens of the very ring included, hides nothing. */
    private boolean isOneRingAmongEchoes() {
        cluster.replay(ECHOES);
        return cluster.isOneRing();
    }

    /** Tokens that never get from one member to the next keep no ring from forming: one of the two is left out. */
    private void tokensOneWay() {
        int from = 1 + random.nextInt(size);
        cluster.cutTokens(from, 1 + from % size);
        cluster.run(SETTLED_MAX);
        for (SimNode node : cluster.nodes()) {
            node.send(0, 0, Guarantee.SAFE, 100);
        }
        within(SETTLED_MAX, cluster::nothingPending, "tokens that get one way only are got round");
        cluster.heal();
        within(SPENT_MAX, cluster::isOneRing, "a ring grows in time");
    }

    /** A link that works one way only does not keep the others from forming a ring that stays. */
    private void oneWay() {
        int from = 1 + random.nextInt(size);
        cluster.cut(from, 1 + from % size);
        cluster.run(SETTLED_MAX);
        long changes = changes();
        cluster.run(SETTLED_MAX);
        require(changes() - changes <= (long) size * SETTLED_CHANGES_MAX, "a one-way link settles");
        cluster.heal();
        within(SPENT_MAX, cluster::isOneRing, "a ring grows in time");
    }

    /** Who cannot follow holds the ring back, or what waits for it would grow for ever. */
    private void stall() {
        SimNode slow = cluster.node(1 + random.nextInt(size));
        slow.stall(1, STALL);
        for (SimNode node : cluster.nodes()) {
            for (int i = 0; i < 5 * WINDOW; i++) {
                node.send(0, 1, Guarantee.AGREED, LARGE_BYTES + 1);
            }
        }
        cluster.run(STALL.dividedBy(2));
        long waiting = slow.node().orElseThrow().stats().get(Statistics.DELIVERY_BYTES);
        require(waiting <= STALLED_MESSAGES_MAX * HELD_BYTES, "a slow subscriber holds the ring back");
        within(LOSSY_MAX, cluster::nothingPending, "sends end in time");
        cluster.run(TOKEN);
    }

    /** Of two nodes with one id, the later stops. Last, as the checker tells processes apart by their ids. */
    private void twin() {
        int id = 1 + random.nextInt(size);
        SimNode first = cluster.node(id);
        cluster.startTwin(id);
        within(SPENT_MAX, () -> cluster.nodesOf(id).size() == 1, "no two nodes have one id");
        require(cluster.nodesOf(id).equals(List.of(first)), "the later of two with one id stops");
        within(SPENT_MAX, cluster::isOneRing, "a ring grows in time");
    }

    private void within(Duration limit, BooleanSupplier holds, String property) {
        require(cluster.runUntil(holds, limit), property);
    }

    private static void require(boolean holds, String property) {
        if (!holds) {
            throw new Broken(property);
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
        return cluster.nodes().stream()
                .flatMap(CalmLife::events)
                .filter(LogEvent.Conf.class::isInstance)
                .count();
    }

    private static Set<MessageId> delivered(List<EvsLog> logs) {
        return logs.stream()
                .flatMap(log -> log.events().stream())
                .filter(LogEvent.Deliver.class::isInstance)
                .map(event -> ((LogEvent.Deliver) event).mid())
                .collect(Collectors.toSet());
    }

    private static Stream<LogEvent> events(SimNode node) {
        return node.logs().stream().flatMap(log -> log.events().stream());
    }

    private static final class Broken extends RuntimeException {

        private static final long serialVersionUID = 1;

        Broken(String what) {
            super(what);
        }
    }
}
