/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.NodeScheduler.Cancellation;
import dev.totem.testkit.internal.check.CheckReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * Production nodes and somebody's own code on them, in one virtual time that all of Reactor's schedulers keep. One thread,
 * from {@link #enter} to {@link #close}.
 */
public final class HostedCluster implements VirtualTime, AutoCloseable {

    private static final int TRACE_LINES_MAX = 60;

    /** What is under way when all are one ring arrives in this. */
    private static final Duration SETTLING = Duration.ofSeconds(1);

    private final SimCluster cluster;
    private final ScheduleDriver schedule;
    private final RunTrace trace;
    private final Consumer<TotemNode> onStart;
    private final List<Runnable> always;
    private final Map<Origin, Integer> lives = new HashMap<>();
    private final IdentityHashMap<SimLife, HostedUser> users = new IdentityHashMap<>();
    private TotemConfig config;
    private boolean isStarted;
    private long works;
    private long worksChecked;
    private @Nullable AssertionError failure;

    /**
     * Nodes 1 to {@code size}, which start when time first passes.
     *
     * @param onStart is given each node as it starts
     * @param always throws if something is not as it must be; asked whenever code of the user has run; may grow
     */
    public HostedCluster(
            long seed,
            int size,
            TotemConfig config,
            ScheduleDriver schedule,
            Consumer<TotemNode> onStart,
            List<Runnable> always) {
        this.config = config;
        this.cluster = SimCluster.create(
                seed,
                size,
                NodeSettings.of(config),
                (self, ignored, world, onBound) ->
                        NodeLauncher.production().launch(self, NodeSettings.of(this.config), world, onBound),
                life -> new HostedUser(life, this));
        this.schedule = schedule;
        this.onStart = onStart;
        this.always = always;
        this.trace = new RunTrace(TRACE_LINES_MAX, this::nowNanos);
    }

    /** From now on the schedulers of this thread are those of this time, until {@link #close}. */
    public HostedCluster enter() {
        VirtualSchedulers.enter(this);
        return this;
    }

    @Override
    public void close() {
        VirtualSchedulers.exit();
    }

    /** The nodes and the network between them. */
    public SimCluster cluster() {
        return cluster;
    }

    /** Settings of nodes that start from now on; the cluster's name stays. */
    public void config(TotemConfig settings) {
        config = settings.toBuilder().cluster(config.get(Settings.CLUSTER_NAME)).build();
    }

    /** Starts the nodes, if they have not been. */
    public void start() {
        if (!isStarted) {
            isStarted = true;
            cluster.startAll();
        }
    }

    public boolean isStarted() {
        return isStarted;
    }

    /** A line of the trace by the test itself. */
    public void note(String what) {
        trace.happened("test", what);
    }

    public List<String> traceLines() {
        return trace.lines();
    }

    /** One of the node's users does nothing for this long. */
    public void stall(int id, Duration time) {
        cluster.node(id).stall(0, time);
    }

    /** Lets this much virtual time pass. */
    public void run(Duration time) {
        long until = nowNanos() + time.toNanos();
        while (next(until)) {}
    }

    /** Lets time pass until something holds, asked after each event; the answer is whether it does within the limit. */
    public boolean runUntil(BooleanSupplier holds, Duration limit) {
        long until = nowNanos() + limit.toNanos();
        while (!holds.getAsBoolean()) {
            if (!next(until)) {
                return holds.getAsBoolean();
            }
        }
        return true;
    }

    /**
     * Ends the schedule, repairs the network, starts and resumes everybody, and lets time pass until all are one ring.
     * The answer is whether they are within the limit.
     */
    public boolean settle(Duration limit) {
        start();
        schedule.stop();
        trace.happened("test", "all faults end");
        cluster.heal();
        cluster.faults(Faults.none());
        users.values().forEach(HostedUser::resume);
        for (SimNode node : cluster.nodes()) {
            node.slowDisk(Duration.ZERO);
            node.resume();
            node.start();
        }
        boolean isOneRing = runUntil(cluster::isOneRing, limit);
        run(SETTLING);
        return isOneRing && cluster.isOneRing();
    }

    /** Lets the next thing happen; false if none does until then. */
    private boolean next(long untilNanos) {
        start();
        boolean isDisturbed = schedule.advance(cluster, trace);
        boolean isDone =
                !cluster.scheduler().runNext(Math.min(untilNanos, schedule.limitNanos())) && nowNanos() >= untilNanos;
        if (isDisturbed || works != worksChecked) {
            worksChecked = works;
            throwFailure();
            always.forEach(Runnable::run);
        }
        return !isDone;
    }

    private void throwFailure() {
        AssertionError first = failure;
        if (first != null) {
            failure = null;
            throw first;
        }
    }

    /** Whether all laws of the ring were kept so far: what every life of every node delivered, and the nodes themselves. */
    public CheckReport check() {
        return cluster.check();
    }

    /** What no log shows: nodes that stopped themselves, and broken invariants of the protocol. */
    public List<String> failures() {
        return cluster.failures();
    }

    // what runs inside

    Map<Origin, Integer> lives() {
        return lives;
    }

    RunTrace trace() {
        return trace;
    }

    void hosts(SimLife life, HostedUser user) {
        users.keySet().removeIf(SimLife::isDead);
        users.put(life, user);
    }

    void started(TotemNode node) {
        onStart.accept(node);
    }

    /** Runs code of the user. */
    void work(String where, Runnable task) {
        works++;
        try {
            task.run();
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            failed(where, thrown);
        }
    }

    private void failed(String where, Throwable thrown) {
        Throwable cause = Exceptions.isErrorCallbackNotImplemented(thrown) && thrown.getCause() != null
                ? thrown.getCause()
                : Exceptions.unwrap(thrown);
        trace.happened(where, cause);
        if (failure == null) {
            failure = new AssertionError("code on " + where + " failed: " + cause, cause);
        }
    }

    @Override
    public Cancellation after(long delayNanos, Runnable task) {
        SimLife life = cluster.scheduler().running().orElse(null);
        HostedUser user = life == null ? null : users.get(life);
        if (life == null || user == null) {
            return cluster.scheduler().at(nowNanos() + SimLife.HOP_NANOS + delayNanos, () -> work("test", task));
        }
        return life.executeApplication(delayNanos, () -> user.work(task));
    }

    @Override
    public long nowNanos() {
        return cluster.scheduler().nowNanos();
    }

    @Override
    public void dropped(Throwable error) {
        works++;
        failed(cluster.scheduler().running().map(life -> "node " + life.id()).orElse("test"), error);
    }
}
