/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.HostedCluster;
import dev.totem.testkit.internal.sim.ScheduleDriver;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One run of a {@link TotemSimulation}: production nodes 1 to n on a simulated network, your code on them, and what goes
 * wrong. Time is virtual and passes only in {@link #run}, {@link #runUntil}, {@link #await}, {@link #awaitOneRing} and
 * {@link #settle}; the nodes start when it first does. The same seed and the same code make the same run.
 *
 * <p>One thread, that of the test. All of Reactor's schedulers, so all timers of its operators, are virtual on it, and so
 * is what your code waits for; nothing may block, and {@code block()} says so. Clocks, chance and threads of your own do
 * not repeat: use {@link #clock()}, {@link #random()} and {@code Schedulers}.
 *
 * <p>Code that runs on a node, from {@link #onStart} on, stands still when the node is paused and is gone when it crashes,
 * like a process. What it throws, or what an operator drops because nobody handles the error, fails the test.
 */
public final class Simulation {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Short: a second of virtual time sees several memberships. */
    private static final Duration TOKEN = Duration.ofMillis(100);

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final long seed;
    private final int size;
    private final HostedCluster hosted;
    private final RandomGenerator random;
    private final List<Consumer<TotemNode>> starters = new ArrayList<>();
    private final List<Runnable> always = new CopyOnWriteArrayList<>();
    private Faults network = Faults.none();
    private List<TreeSet<Integer>> sides;

    Simulation(long seed, int size, ScheduleDriver schedule) {
        this.seed = seed;
        this.size = size;
        this.hosted = new HostedCluster(
                seed, size, defaults(), schedule, node -> starters.forEach(code -> code.accept(node)), always);
        this.random = new SplittableRandom(seed * 31 + 17);
        this.sides =
                List.of(new TreeSet<>(IntStream.rangeClosed(1, size).boxed().toList()));
    }

    static TotemConfig defaults() {
        return TotemConfig.builder().token(TOKEN).build();
    }

    // what runs

    /**
     * Sets some settings of all nodes; others are a token timeout of 100 ms and defaults. Before time passes.
     *
     * @throws dev.totem.core.ConfigurationException if they cannot work, alone or together
     */
    public void config(Consumer<TotemConfig.Builder> settings) {
        requireNotStarted("config");
        TotemConfig.Builder builder = defaults().toBuilder();
        settings.accept(builder);
        hosted.config(builder.build());
    }

    /** Code to run on each node when it starts, and again after each restart; before time passes. Runs on the node. */
    public void onStart(Consumer<TotemNode> code) {
        requireNotStarted("onStart");
        starters.add(code);
    }

    /** An assertion that holds at every moment: made now if the nodes have started, each time your code has run, and after each fault. */
    public void always(Runnable assertion) {
        always.add(assertion);
        if (hosted.isStarted()) {
            assertion.run();
        }
    }

    // time

    /** Lets this much time pass. */
    public void run(Duration time) {
        started().run(time);
    }

    /**
     * Lets time pass until a condition holds.
     *
     * @throws AssertionError if it does not within this time
     */
    public void runUntil(BooleanSupplier condition, Duration limit) {
        if (!started().runUntil(condition, limit)) {
            throw new AssertionError(
                    "did not happen within " + limit + ": " + cluster().state());
        }
    }

    /**
     * Subscribes and lets time pass until the Mono ends: what {@code block(limit)} is elsewhere.
     *
     * @return what it emitted, empty if nothing
     * @throws AssertionError if it does not end within this time
     * @throws RuntimeException what it fails with
     */
    public <T> Optional<T> await(Mono<T> mono, Duration limit) {
        HostedCluster running = started();
        AtomicReference<@Nullable Signal<T>> end = new AtomicReference<>();
        mono.materialize().subscribe(end::set);
        if (!running.runUntil(() -> end.get() != null, limit)) {
            throw new AssertionError(
                    "no signal within " + limit + ": " + cluster().state(), new TimeoutException());
        }
        Signal<T> signal = end.get();
        if (signal != null && signal.getThrowable() != null) {
            throw reactor.core.Exceptions.propagate(signal.getThrowable());
        }
        return signal == null ? Optional.empty() : Optional.ofNullable(signal.get());
    }

    /** {@link #runUntil Lets time pass} until all nodes that are up are one ring, for at most 30 seconds. */
    public void awaitOneRing() {
        started();
        runUntil(cluster()::isOneRing, LIMIT);
    }

    /**
     * Ends all faults, those of the annotation too: the network is good again, everybody is up and runs. Then lets time
     * pass until all nodes are one ring, and a second more for what is under way.
     *
     * @throws AssertionError if they are not within 30 seconds
     */
    public void settle() {
        whole();
        if (!started().settle(LIMIT)) {
            throw new AssertionError("no stable ring within " + LIMIT + " after the last fault: "
                    + cluster().state());
        }
    }

    /** Time since the beginning. */
    public Duration now() {
        return hosted.cluster().now();
    }

    /** The virtual time as a wall clock; it begins in 2026, UTC. */
    public Clock clock() {
        InstantSource source = () -> EPOCH.plus(now());
        return source.withZone(ZoneOffset.UTC);
    }

    /** A scheduler of virtual time, for what asks for one: {@code Schedulers.parallel()}, which is one here. */
    public Scheduler scheduler() {
        return Schedulers.parallel();
    }

    // who

    /** What the run repeats by. */
    public long seed() {
        return seed;
    }

    /** Chance that repeats. */
    public RandomGenerator random() {
        return random;
    }

    /**
     * A node, to open handles and send from the test. What is opened so is no code on the node; see {@link #onStart}.
     *
     * @throws IllegalStateException if it is not up
     */
    public TotemNode node(int id) {
        if (!isUp(id)) {
            throw new IllegalStateException(
                    "node " + id + " is not up at " + now() + "; nodes start when time first passes");
        }
        return cluster().node(id).node().orElseThrow();
    }

    /** Whether a node has started and neither crashed nor left. */
    public boolean isUp(int id) {
        requireNode(id);
        SimNode node = hosted.cluster().node(id);
        return node.isLive() && node.node().isPresent();
    }

    /** The nodes that are up, ascending. */
    public List<TotemNode> nodes() {
        return IntStream.rangeClosed(1, size)
                .filter(this::isUp)
                .mapToObj(this::node)
                .toList();
    }

    /** A line for the trace that a failure shows. */
    public void note(String line) {
        started().note(line);
    }

    // faults of nodes

    /** Kills a node at this moment; its stable storage stays. */
    public void crash(int id) {
        did("crash " + id);
        cluster().node(id).crash();
    }

    /** Starts a node that is not up, and the code of {@link #onStart} on it. */
    public void restart(int id) {
        did("restart " + id);
        cluster().node(id).start();
    }

    /** A node leaves in order, and is down then. */
    public void leave(int id) {
        did("leave " + id);
        cluster().node(id).leave();
    }

    /** Nothing of a node runs for this long, as in a long garbage collection; datagrams for it wait. */
    public void pause(int id, Duration time) {
        did("pause " + id + " for " + time);
        cluster().node(id).pause(time);
    }

    /** Your code on a node stands still for this long, while the node itself goes on. */
    public void slowSubscriber(int id, Duration time) {
        did("slow subscriber on " + id + " for " + time);
        started().stall(id, time);
    }

    /** Accesses of a node to its stable storage take up to this long from now on. */
    public void slowDisk(int id, Duration most) {
        did("slow disk of " + id + ": " + most);
        cluster().node(id).slowDisk(most);
    }

    // faults of the network

    /**
     * Cuts these nodes off from all others: both sides go on among themselves. Calls add up: of three nodes,
     * {@code partition(1)} makes two parts and a following {@code partition(2)} three.
     */
    public void partition(int... side) {
        TreeSet<Integer> cut = new TreeSet<>(IntStream.of(side).boxed().toList());
        cut.forEach(this::requireNode);
        List<TreeSet<Integer>> finer = new ArrayList<>();
        for (TreeSet<Integer> part : sides) {
            TreeSet<Integer> in = new TreeSet<>(part);
            in.retainAll(cut);
            TreeSet<Integer> out = new TreeSet<>(part);
            out.removeAll(cut);
            finer.addAll(List.of(in, out));
        }
        finer.removeIf(TreeSet::isEmpty);
        sides = List.copyOf(finer);
        did("parts " + sides);
        cluster()
                .partition(sides.stream()
                        .map(part -> part.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new));
    }

    /** Nothing gets from one node to another any more, while it does the other way. */
    public void cut(int from, int to) {
        did("cut " + from + " to " + to);
        cluster().cut(from, to);
    }

    /** This fraction of all datagrams is lost, from 0 to 1. */
    public void loss(double rate) {
        network(network.withLoss(rate));
    }

    /** Datagrams take at least so long, and by chance so much more. */
    public void delay(Duration least, Duration more) {
        network(network.withDelay(least, more));
    }

    /** This fraction of all datagrams arrives twice. */
    public void duplication(double rate) {
        network(network.withDuplication(rate));
    }

    /** This fraction of all datagrams is overtaken by others. */
    public void reordering(double rate) {
        network(network.withReordering(rate));
    }

    /** So many datagrams of the past, of earlier rings too, arrive again now. */
    public void replay(int datagrams) {
        did("replay " + datagrams);
        cluster().replay(datagrams);
    }

    /** No token arrives for this long. */
    public void loseTokens(Duration time) {
        did("no token for " + time);
        cluster().loseTokens(time);
    }

    /** Clocks of nodes that start from now on run faster or slower by up to this fraction, at most 0.1. */
    public void clockSkew(double fraction) {
        network(network.withClockSkew(fraction));
    }

    /** The network is whole and good again: no parts, no cuts, no loss, no delay. */
    public void heal() {
        did("heal");
        whole();
        cluster().heal();
        cluster().faults(network);
    }

    private void whole() {
        sides = List.of(new TreeSet<>(IntStream.rangeClosed(1, size).boxed().toList()));
        network = Faults.none();
    }

    private void network(Faults next) {
        did("network " + next);
        network = next;
        cluster().faults(next);
    }

    // the run

    private void did(String what) {
        started().note(what);
    }

    private SimCluster cluster() {
        return started().cluster();
    }

    private HostedCluster started() {
        hosted.start();
        return hosted;
    }

    HostedCluster hosted() {
        return hosted;
    }

    private void requireNotStarted(String what) {
        if (hosted.isStarted()) {
            throw new IllegalStateException(what + " comes before time passes: the nodes have started");
        }
    }

    private void requireNode(int id) {
        if (id < 1 || id > size) {
            throw new IllegalArgumentException("no node " + id + ", only 1 to " + size);
        }
    }
}
