/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.testkit.internal.check.CheckReport;
import dev.totem.testkit.internal.check.EndStatement;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.sim.invariants.RingInvariants;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Nodes on a simulated network in virtual time: the same seed and the same calls make the same run, bit for bit. One
 * thread, the caller's; nothing happens except inside {@link #run} and its like.
 */
public final class SimCluster {

    /** A sender knows its message to be ordered before all others have delivered it: what is under way arrives in this. */
    private static final Duration SETTLING = Duration.ofSeconds(1);

    /** Events in one {@link #run}: beyond them something spins. */
    private static final long EVENTS_MAX = 50_000_000;

    /** A twin's lives have numbers of their own. */
    private static final int TWIN_LIVES = 1_000;

    private static final long CHECK_EVERY_NANOS = 2_000_000;

    private final Trace trace = new Trace();
    private final Progress progress = new Progress();
    private final SimScheduler scheduler = new SimScheduler(trace);
    private final RingInvariants invariants = new RingInvariants(scheduler::nowNanos);
    private final List<SimNetwork> networks = new ArrayList<>();
    private final SortedMap<NodeId, SimNode> nodes = new TreeMap<>();

    /** Others with an id of these. */
    private final List<SimNode> twins = new ArrayList<>();

    private final SimParts parts;
    private final SplittableRandom random;
    private boolean isScarce;

    private SimCluster(
            long seed,
            int size,
            Faults faults,
            Redundancy redundancy,
            NodeSettings config,
            NodeLauncher launcher,
            SimUser.Source users) {
        random = new SplittableRandom(seed);
        networks.add(new SimNetwork(scheduler, random.split(), trace, progress, faults));
        // Drawn apart, so that runs of known seeds on one network stay what they were.
        SplittableRandom more = new SplittableRandom(Long.reverse(seed) ^ size);
        while (networks.size() < redundancy.networks()) {
            networks.add(new SimNetwork(scheduler, more.split(), trace, progress, faults));
        }
        parts = new SimParts(
                config, launcher, users, scheduler, List.copyOf(networks), redundancy, trace, progress, invariants);
        for (int id = 1; id <= size; id++) {
            nodes.put(NodeId.of(id), new SimNode(NodeId.of(id), 0, parts, random.split()));
        }
    }

    /** Production nodes 1 to {@code size}, with the settings of {@link RandomSchedule#config()}; none is started yet. */
    public static SimCluster create(long seed, int size, Faults faults) {
        return create(seed, size, faults, RandomSchedule.config(), NodeLauncher.production());
    }

    /** Nodes 1 to {@code size} of any launcher; none is started yet. */
    public static SimCluster create(long seed, int size, Faults faults, NodeSettings config, NodeLauncher launcher) {
        return create(seed, size, faults, Redundancy.NONE, config, launcher);
    }

    /** Nodes 1 to {@code size} on several networks, which all have these faults; none is started yet. */
    public static SimCluster create(
            long seed, int size, Faults faults, Redundancy redundancy, NodeSettings config, NodeLauncher launcher) {
        return new SimCluster(seed, size, faults, redundancy, config, launcher, SimClient::new);
    }

    /** Nodes 1 to {@code size} for users of any kind; none is started yet. */
    static SimCluster create(long seed, int size, NodeSettings config, NodeLauncher launcher, SimUser.Source users) {
        return new SimCluster(seed, size, Faults.none(), Redundancy.NONE, config, launcher, users);
    }

    public SimNode node(int id) {
        SimNode node = nodes.get(NodeId.of(id));
        if (node == null) {
            throw new IllegalArgumentException("no node " + id + ", only " + nodes.keySet());
        }
        return node;
    }

    public Collection<SimNode> nodes() {
        return nodes.values();
    }

    /** Everybody: the nodes and, with ids that are theirs, the twins. */
    private List<SimNode> all() {
        List<SimNode> all = new ArrayList<>(nodes.values());
        all.addAll(twins);
        return all;
    }

    /** Starts another node with the id of this one, on a disk of its own. */
    public SimNode startTwin(int id) {
        SimNode twin = new SimNode(node(id).id(), TWIN_LIVES * (1 + twins.size()), parts, random.split());
        twins.add(twin);
        if (isScarce) {
            twin.scarceNumbers();
        }
        invariants.shared(twin.id());
        twin.start();
        return twin;
    }

    /** The live nodes with this id, two if one is a twin. */
    public List<SimNode> nodesOf(int id) {
        return all().stream()
                .filter(node -> node.id().equals(NodeId.of(id)) && node.isLive())
                .toList();
    }

    /**
     * In lives begun from now on some nodes reserve one ring number at a time, some a few, and some as many as in production.
     */
    public void scarceNumbers() {
        isScarce = true;
        all().forEach(SimNode::scarceNumbers);
    }

    public void startAll() {
        nodes.values().forEach(SimNode::start);
    }

    /** What goes wrong from now on; the clock skew is that of lives begun from now on. */
    public void faults(Faults faults) {
        networks.forEach(network -> network.faults(faults));
    }

    /** Parts that do not hear each other; nodes that are not named are a part of their own. */
    public void partition(int[]... parts) {
        List<List<NodeId>> ids = Arrays.stream(parts)
                .map(part -> Arrays.stream(part).mapToObj(NodeId::of).toList())
                .toList();
        networks.forEach(network -> network.partition(ids));
    }

    /** What goes wrong from one node to another from now on, until the next weather of all. */
    public void faults(int from, int to, Faults faults) {
        networks.forEach(network -> network.faults(NodeId.of(from), NodeId.of(to), faults));
    }

    /** Nothing that this node sends to all arrives anywhere; tokens, which go to one, do. */
    public void mute(int id) {
        networks.forEach(network -> network.mute(NodeId.of(id)));
    }

    /** No token arrives for this long, those under way included. */
    public void loseTokens(Duration time) {
        networks.forEach(network -> network.loseTokens(scheduler.nowNanos() + time.toNanos()));
    }

    /** So many datagrams of the past arrive again. */
    public void replay(int datagrams) {
        networks.forEach(network -> network.replay(datagrams));
    }

    /** Nothing gets from one node to the other any more. */
    public void cut(int from, int to) {
        networks.forEach(network -> network.cut(NodeId.of(from), NodeId.of(to)));
    }

    /** One of several networks does not work any more, or does again; the first is 1. */
    public void down(int network, boolean now) {
        networks.get(network - 1).down(now);
    }

    /** On one of several networks nothing gets from one node to the other any more. */
    public void cut(int network, int from, int to) {
        networks.get(network - 1).cut(NodeId.of(from), NodeId.of(to));
    }

    /** No token gets from one node to the other any more; what the one sends to all does. */
    public void cutTokens(int from, int to) {
        networks.forEach(network -> network.cutTokens(NodeId.of(from), NodeId.of(to)));
    }

    /** Everybody hears everybody again. */
    public void heal() {
        networks.forEach(SimNetwork::heal);
    }

    public void crash(int id) {
        node(id).crash();
    }

    public void restart(int id) {
        node(id).start();
    }

    public void restart(int id, DiskFate fate) {
        node(id).start(fate);
    }

    SimScheduler scheduler() {
        return scheduler;
    }

    Progress progress() {
        return progress;
    }

    /** Lets this much virtual time pass. */
    public void run(Duration time) {
        long until = scheduler.nowNanos() + time.toNanos();
        long limit = scheduler.executed() + EVENTS_MAX;
        while (scheduler.runNext(until)) {
            if (scheduler.executed() > limit) {
                throw new IllegalStateException("more than " + EVENTS_MAX + " events in " + time.toMillis() + "ms");
            }
        }
    }

    /** Lets time pass until something holds; the answer is whether it does within the limit. */
    public boolean runUntil(BooleanSupplier holds, Duration limit) {
        long until = scheduler.nowNanos() + limit.toNanos();
        while (!holds.getAsBoolean()) {
            if (scheduler.nowNanos() >= until) {
                return false;
            }
            run(Duration.ofNanos(Math.min(CHECK_EVERY_NANOS, until - scheduler.nowNanos())));
        }
        return true;
    }

    /**
     * Lets time pass until something has happened so many times more, at whatever nodes; stops at the very event. The answer
     * is whether it did within the limit.
     */
    public boolean await(Milestone milestone, int times, Duration limit) {
        long goal = progress.of(milestone) + times;
        long until = scheduler.nowNanos() + limit.toNanos();
        while (progress.of(milestone) < goal) {
            if (!scheduler.runNext(until)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Heals everything, starts and resumes everybody, and lets time pass until all is quiet. Of two nodes with one id the
     * later must have stopped by then.
     */
    public boolean quiesce(Duration limit) {
        networks.forEach(SimNetwork::heal);
        networks.forEach(network -> network.faults(Faults.none()));
        all().forEach(node -> node.slowDisk(Duration.ZERO));
        all().forEach(SimNode::resume);
        nodes.values().stream()
                .filter(node -> nodesOf(node.id().value()).isEmpty())
                .forEach(SimNode::start);
        boolean atRest = runUntil(this::isAtRest, limit);
        run(SETTLING);
        return atRest && isAtRest();
    }

    private boolean isAtRest() {
        return nothingPending() && isOneRing();
    }

    /** Whether all live nodes have installed one configuration of just them. */
    public boolean isOneRing() {
        return isOneRing(live()) && all().stream().filter(SimNode::isLive).count() == live().size();
    }

    /** Whether these nodes have installed one configuration of just them. */
    public boolean isOneRing(Collection<NodeId> members) {
        List<NodeId> exactly = List.copyOf(members);
        Optional<RingId> ring = Optional.empty();
        for (SimNode node : all()) {
            if (!node.isLive() || !exactly.contains(node.id())) {
                continue;
            }
            Optional<RingId> its = node.configuration()
                    .filter(change -> change.isRegular() && change.members().equals(exactly))
                    .map(ConfigChange::ring);
            if (its.isEmpty() || (ring.isPresent() && !ring.equals(its))) {
                return false;
            }
            ring = its;
        }
        return ring.isPresent();
    }

    public boolean nothingPending() {
        for (SimNode node : nodes.values()) {
            if (node.pending() != 0) {
                return false;
            }
        }
        return twins.stream().allMatch(twin -> twin.pending() == 0);
    }

    public SortedSet<NodeId> live() {
        return all().stream().filter(SimNode::isLive).map(SimNode::id).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Virtual time since the beginning. */
    public Duration now() {
        return Duration.ofNanos(scheduler.nowNanos());
    }

    /** A hash of everything that has happened: equal digests, equal runs. */
    public long digest() {
        return trace.digest();
    }

    /** Events run so far. */
    public long steps() {
        return scheduler.executed();
    }

    /** Datagrams that arrived at a link so far. */
    public long datagrams() {
        return networks.stream().mapToLong(SimNetwork::delivered).sum();
    }

    /** Rings that anybody has installed so far. */
    public long rings() {
        return ClusterLogs.rings(logs());
    }

    /** Messages delivered so far, at all nodes together. */
    public long deliveries() {
        return ClusterLogs.deliveries(logs());
    }

    /** What every life of every node logged. */
    public List<EvsLog> logs() {
        return all().stream().flatMap(node -> node.logs().stream()).toList();
    }

    /**
     * What no log shows: nodes that stopped themselves, exceptions, damaged messages, handles that saw another order, and
     * broken invariants of the protocol.
     */
    public List<String> failures() {
        List<String> failures = new ArrayList<>();
        all().forEach(node -> failures.addAll(node.failures()));
        failures.addAll(invariants.failures());
        return failures;
    }

    /** Checks all logs so far, without liveness. */
    public CheckReport check() {
        return ClusterLogs.check(logs(), !twins.isEmpty(), Optional.empty());
    }

    /** Checks all logs, given that the live nodes are one stable component. */
    public CheckReport checkAtEnd() {
        EndStatement end = new EndStatement(List.of(live()));
        return ClusterLogs.check(logs(), !twins.isEmpty(), Optional.of(end));
    }

    /** At rest on one ring: what is wrong with what the handles that come and go know of their groups. */
    Optional<String> crowdDifference() {
        return Crowd.difference(all().stream().flatMap(SimNode::crowds));
    }

    /** Who is in which ring now, for a person. */
    public String state() {
        return all().stream().map(SimNode::state).collect(Collectors.joining(", "));
    }
}
