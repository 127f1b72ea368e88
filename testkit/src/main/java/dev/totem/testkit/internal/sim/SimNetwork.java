/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * What is between the links: delay, loss, copies, overtaking, in all directions or in one; parts that do not hear each
 * other; and what arrives again long after. One thread.
 */
final class SimNetwork {

    private final SimScheduler scheduler;
    private final RandomGenerator random;
    private final Trace trace;
    private final Progress progress;
    private final Past past;
    private final Map<Direction, Faults> weathers = new TreeMap<>();
    private final Map<NodeId, Integer> partOf = new TreeMap<>();
    private final TreeSet<Direction> cuts = new TreeSet<>();
    private final TreeSet<Direction> tokenCuts = new TreeSet<>();
    private final TreeSet<NodeId> mute = new TreeSet<>();
    private List<SimLink> links = List.of();
    private Faults faults;
    private long tokensLostUntilNanos;
    private boolean isDown;
    private int attached;
    private long delivered;
    private long lost;

    SimNetwork(SimScheduler scheduler, RandomGenerator random, Trace trace, Progress progress, Faults faults) {
        this.scheduler = scheduler;
        this.random = random;
        this.trace = trace;
        this.progress = progress;
        this.faults = faults;
        past = new Past(random);
    }

    /** The weather of all directions. */
    void faults(Faults now) {
        faults = now;
        weathers.clear();
    }

    /** The weather of one direction, until the next of all. */
    void faults(NodeId from, NodeId to, Faults now) {
        weathers.put(new Direction(from, to), now);
    }

    Faults faults() {
        return faults;
    }

    SimLink attach(SimLife life, int frameBytesMax) {
        SimLink link = new SimLink(this, life, attached++, frameBytesMax);
        List<SimLink> more = new ArrayList<>(links);
        more.add(link);
        links = List.copyOf(more);
        return link;
    }

    void detach(SimLink link) {
        link.shut();
        links = links.stream().filter(other -> other != link).toList();
    }

    /** Nodes of different parts do not hear each other; a node in none hears only others in none. */
    void partition(List<List<NodeId>> parts) {
        partOf.clear();
        for (int part = 0; part < parts.size(); part++) {
            for (NodeId node : parts.get(part)) {
                partOf.put(node, part);
            }
        }
    }

    /** Nothing gets from one node to the other any more. */
    void cut(NodeId from, NodeId to) {
        cuts.add(new Direction(from, to));
    }

    /** What one node sends to just the other does not arrive any more, while what it sends to all does. */
    void cutTokens(NodeId from, NodeId to) {
        tokenCuts.add(new Direction(from, to));
    }

    /** Nothing that this node sends to all arrives anywhere; what it sends to one does. */
    void mute(NodeId node) {
        mute.add(node);
    }

    /** What is sent to one node only, tokens that is, does not arrive, what is under way included. */
    void loseTokens(long untilNanos) {
        tokensLostUntilNanos = untilNanos;
    }

    /** Nothing gets from anybody to anybody on this network, or it does again. */
    void down(boolean now) {
        isDown = now;
    }

    /** Everybody hears everybody again. */
    void heal() {
        isDown = false;
        partOf.clear();
        cuts.clear();
        tokenCuts.clear();
        mute.clear();
        tokensLostUntilNanos = 0;
    }

    long delivered() {
        return delivered;
    }

    long lost() {
        return lost;
    }

    void toAll(SimLink from, byte[] frame, long departsNanos) {
        int hash = Arrays.hashCode(frame);
        for (SimLink to : links) {
            if (to != from) {
                transmit(new Datagram(from.address(), to, frame, hash, false), departsNanos);
            }
        }
    }

    void toNode(SimLink from, NodeId node, byte[] frame, long departsNanos) {
        progress.reached(Milestone.TOKEN);
        int hash = Arrays.hashCode(frame);
        for (SimLink to : links) {
            if (to != from && to.address().node().equals(node)) {
                transmit(new Datagram(from.address(), to, frame, hash, true), departsNanos);
            }
        }
    }

    /** Some datagrams of the past arrive again, at whoever has their receiver's id now. */
    void replay(int count) {
        for (int i = 0; i < count; i++) {
            replayOne(scheduler.nowNanos() + travelNanos(faults));
        }
    }

    private void replayOne(long atNanos) {
        past.any()
                .ifPresent(old -> links.stream()
                        .filter(link ->
                                link.address().node().equals(old.to().address().node()))
                        .forEach(link -> deliver(old.to(link), atNanos)));
    }

    private void transmit(Datagram datagram, long departsNanos) {
        NodeId from = datagram.from().node();
        NodeId to = datagram.to().address().node();
        Faults weather = weathers.isEmpty() ? faults : weathers.getOrDefault(new Direction(from, to), faults);
        boolean isBarred = datagram.toOne()
                ? !tokenCuts.isEmpty() && tokenCuts.contains(new Direction(from, to))
                : mute.contains(from);
        if (isDown || !hears(from, to) || isBarred || isLost(weather, datagram.frame().length)) {
            lost++;
            return;
        }
        deliver(datagram, departsNanos + travelNanos(weather));
        if (chance(weather.duplication())) {
            deliver(datagram, departsNanos + travelNanos(weather));
        }
        if (chance(weather.replay())) {
            replayOne(departsNanos + travelNanos(weather));
        }
        past.add(datagram);
    }

    private boolean hears(NodeId from, NodeId to) {
        return (partOf.isEmpty() || partOf.getOrDefault(from, -1).equals(partOf.getOrDefault(to, -1)))
                && (cuts.isEmpty() || !cuts.contains(new Direction(from, to)));
    }

    private boolean isLost(Faults weather, int bytes) {
        return chance(weather.loss()) || (bytes > weather.largeBytes() && chance(weather.largeLoss()));
    }

    private boolean chance(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    private long travelNanos(Faults weather) {
        long travel = weather.delay().toNanos();
        long jitter = weather.jitter().toNanos();
        if (jitter > 0) {
            travel += random.nextLong(jitter);
        }
        if (chance(weather.reordering())) {
            travel += random.nextLong(10 * weather.delay().toNanos());
        }
        return travel;
    }

    private void deliver(Datagram datagram, long atNanos) {
        scheduler.at(atNanos, () -> {
            if (datagram.toOne() && scheduler.nowNanos() < tokensLostUntilNanos) {
                lost++;
                return;
            }
            delivered++;
            trace.add(datagram.to().index(), datagram.hash());
            datagram.to().arrived(datagram.frame(), datagram.from());
        });
    }

    private record Direction(NodeId from, NodeId to) implements Comparable<Direction> {
        @Override
        public int compareTo(Direction other) {
            int byFrom = from.compareTo(other.from);
            return byFrom != 0 ? byFrom : to.compareTo(other.to);
        }
    }
}
