/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.ConfigChange;
import dev.totem.core.DuplicateNodeIdException;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.link.NetworkWatch;
import dev.totem.core.internal.link.PathSizes;
import dev.totem.core.internal.link.PathWatch;
import dev.totem.core.internal.link.ProbedLink;
import dev.totem.core.internal.link.RedundantLink;
import dev.totem.core.internal.node.environment.RingReserve;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramLink;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.sim.invariants.LifeWatch;
import dev.totem.testkit.internal.sim.invariants.RingInvariants;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One node of a simulated cluster through all its lives. One thread. */
public final class SimNode {

    private static final int HEADER_BYTES = 28;
    private static final long LEAVING_NANOS = 1_000_000;

    /** A process does not begin in no time. */
    private static final long STARTING_NANOS = 2_000_000;

    /** Of one number only, so that each ring waits for the disk; of a few; and as in production. */
    private static final List<RingReserve> SCARCE = List.of(
            new RingReserve(1, Duration.ZERO), new RingReserve(3, Duration.ofMillis(300)), RingReserve.PRODUCTION);

    private final NodeId id;
    private final int firstLife;
    private final NodeSettings config;
    private final NodeLauncher launcher;
    private final SimScheduler scheduler;
    private final List<SimNetwork> networks;
    private final Redundancy redundancy;
    private final SplittableRandom random;
    private final Trace trace;
    private final Progress progress;
    private final SimDisk disk;
    private final RingInvariants invariants;
    private final SimUser.Source source;
    private final List<SimUser> users = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private @Nullable SimLife life;
    private List<SimLink> links = List.of();
    private @Nullable TotemNode node;
    private int duplicates;
    private Duration diskDelay = Duration.ZERO;
    private boolean isScarce;

    /** @param firstLife the number of its first life: another node of the same id has other ones */
    SimNode(NodeId id, int firstLife, SimParts parts, SplittableRandom random) {
        this.id = id;
        this.firstLife = firstLife;
        this.config = parts.config();
        this.launcher = parts.launcher();
        this.source = parts.users();
        this.scheduler = parts.scheduler();
        this.networks = parts.networks();
        this.redundancy = parts.redundancy();
        this.trace = parts.trace();
        this.progress = parts.progress();
        this.invariants = parts.invariants();
        this.random = random;
        this.disk = new SimDisk(
                scheduler,
                () -> Math.max(
                        diskDelay.toNanos(),
                        networks.get(0).faults().diskDelay().toNanos()),
                random.split());
    }

    public NodeId id() {
        return id;
    }

    /** Begins a life; nothing if one is under way. */
    public void start() {
        start(DiskFate.KEPT);
    }

    /** Begins a life, which finds this on its stable storage; nothing if one is under way. */
    public void start(DiskFate fate) {
        if (isLive()) {
            return;
        }
        disk.restart(fate);
        double skew = networks.get(0).faults().clockSkew() * (2 * random.nextDouble() - 1);
        SimLife begun = new SimLife(id, scheduler, random.nextLong(1L << 40), 1 + skew, this::failed);
        List<SimLink> attached = networks.stream()
                .map(network -> network.attach(begun, redundancy.frameBytesMax()))
                .toList();
        SimUser user = source.begin(new SimUser.Life(
                id,
                firstLife + users.size(),
                config.quorum(),
                begun,
                trace,
                progress,
                this::stopped,
                () -> leftSoon(begun)));
        users.add(user);
        life = begun;
        links = attached;
        LifeWatch watch = invariants.begin(id, config.cluster(), begun);
        NodeLauncher.World world = new NodeLauncher.World(
                watch.link(link(attached, begun)),
                begun,
                watch.disk(disk),
                random.split(),
                reserve(),
                watch.and(user.witness()));
        begun.schedule(
                begun.nowNanos() + STARTING_NANOS,
                () -> launcher.launch(id, config, world, bound -> {
                            node = bound;
                            user.attach(bound);
                        })
                        .subscribe(started -> {}, this::failed));
    }

    private DatagramLink link(List<SimLink> attached, SimLife begun) {
        List<DatagramLink> each =
                attached.stream().map(link -> searched(link, begun)).toList();
        if (each.size() == 1) {
            return each.get(0);
        }
        return new RedundantLink(
                each,
                new RedundantLink.Parts(
                        id,
                        redundancy.spread(),
                        begun,
                        NetworkWatch.NONE,
                        random.nextLong(),
                        random.nextLong(),
                        Mono.empty()));
    }

    private DatagramLink searched(SimLink link, SimLife begun) {
        if (redundancy.frameBytesMax() <= Redundancy.FRAME_BYTES) {
            return link;
        }
        PathSizes sizes = PathSizes.of(redundancy.frameBytesMax(), HEADER_BYTES);
        long tokenNanos = config.timing().token().toNanos();
        return new ProbedLink(
                link, new ProbedLink.Parts(id, begun, sizes, tokenNanos, random.nextLong() >>> 1, PathWatch.NONE));
    }

    /** By turns, so that one cluster has nodes of all kinds, and a node finds what one of another kind has left. */
    private RingReserve reserve() {
        return isScarce ? SCARCE.get((id.value() + firstLife + users.size()) % SCARCE.size()) : RingReserve.PRODUCTION;
    }

    /** Keeps few ring numbers ready in lives begun from now on, or as many as in production. */
    void scarceNumbers() {
        isScarce = true;
    }

    /** Kills the process at this moment. */
    public void crash() {
        SimLife ended = life;
        if (ended != null) {
            boolean isBehind = node != null && node.stats().memory().dispatchBacklog() > 0;
            ended.kill();
            user().died(isBehind);
            over();
        }
    }

    /** The node stopped itself: as it must if another has its id, and never else. */
    private void stopped(Throwable reason) {
        unlessDuplicate(reason);
        SimLife stopped = life;
        if (stopped != null && !stopped.isDead()) {
            duplicates += reason instanceof DuplicateNodeIdException ? 1 : 0;
            leftSoon(stopped);
        }
    }

    /** Leaves in order; the process is gone soon after its streams have completed. */
    public void leave() {
        TotemNode leaving = node;
        SimLife ending = life;
        if (leaving != null && ending != null && !ending.isPaused()) {
            user().leaving();
            ending.execute(() -> leaving.leave().subscribe(done -> {}, this::unlessDuplicate));
        }
    }

    private void unlessDuplicate(Throwable reason) {
        if (!(reason instanceof DuplicateNodeIdException)) {
            failed(reason);
        }
    }

    private void leftSoon(SimLife ending) {
        scheduler.at(scheduler.nowNanos() + LEAVING_NANOS, () -> left(ending));
    }

    private void left(SimLife ending) {
        if (life == ending) {
            ending.kill();
            user().left();
            over();
        }
    }

    /** Nothing of this node runs for this long. */
    public void pause(Duration time) {
        SimLife paused = life;
        if (paused != null && !paused.isPaused()) {
            paused.pause();
            scheduler.at(scheduler.nowNanos() + time.toNanos(), paused::resume);
        }
    }

    /** Nothing of this node runs until {@link #resume()}; its socket fills up. */
    public void pause() {
        if (life != null) {
            life.pause();
        }
    }

    public void resume() {
        if (life != null) {
            life.resume();
        }
    }

    /** An access to its stable storage takes up to this long from now on, and what the weather says at least. */
    public void slowDisk(Duration most) {
        diskDelay = most;
    }

    /**
     * One of its subscribers asks for nothing for this long.
     *
     * @param subscriber which of them, by rest
     */
    public void stall(int subscriber, Duration time) {
        if (life != null) {
            user().stall(subscriber, time.toNanos());
        }
    }

    /** How often it stopped because another node has its id. */
    int duplicates() {
        return duplicates;
    }

    /**
     * The client sends a message; nothing if the node is not up.
     *
     * @param handle which of the client's handles, by rest
     * @param group which of the groups, by rest; every other three, the next one too
     */
    public void send(int handle, int group, Guarantee guarantee, int bytes) {
        if (life != null && !life.isPaused()) {
            user().send(handle, group, guarantee, bytes);
        }
    }

    /** The client's handles come and go. */
    public void churn(long seed) {
        if (life != null && !life.isPaused()) {
            user().churn(seed);
        }
    }

    public boolean isLive() {
        return life != null;
    }

    public boolean isPaused() {
        return life != null && life.isPaused();
    }

    /** The configuration that was delivered last in this life. */
    public Optional<ConfigChange> configuration() {
        return isLive() ? user().last() : Optional.empty();
    }

    /** Sends of this life that have not ended. */
    public int pending() {
        return isLive() ? user().pending() : 0;
    }

    /** The node, while it is up. */
    public Optional<TotemNode> node() {
        return Optional.ofNullable(node);
    }

    /** What the handles of this life that come and go know of their groups. */
    Stream<Crowd> crowds() {
        return isLive() ? user().crowds() : Stream.empty();
    }

    /** What each life logged so far. */
    public List<EvsLog> logs() {
        return users.stream().map(SimUser::log).toList();
    }

    List<String> failures() {
        List<String> all = new ArrayList<>(failures);
        users.forEach(user -> all.addAll(user.failures()));
        return all;
    }

    private SimUser user() {
        return users.get(users.size() - 1);
    }

    private void failed(Throwable failure) {
        if (failures.size() < 5) {
            StackTraceElement[] stack = failure.getStackTrace();
            String where = stack.length == 0 ? "" : " at " + stack[0];
            failures.add("node " + id + " life " + (firstLife + users.size() - 1) + ": " + failure + where);
        }
    }

    private void over() {
        disk.crash();
        for (int network = 0; network < links.size(); network++) {
            networks.get(network).detach(links.get(network));
        }
        life = null;
        links = List.of();
        node = null;
    }

    /** In which ring it is now, for a person. */
    String state() {
        if (!isLive()) {
            return id() + ": down";
        }
        String ring = configuration()
                .map(change -> (change.isRegular() ? "R " : "T ") + change.ring() + change.members())
                .orElse("starting");
        return id() + ": " + ring + (isPaused() ? " paused" : "")
                + (pending() == 0 ? "" : " " + pending() + " pending");
    }
}
