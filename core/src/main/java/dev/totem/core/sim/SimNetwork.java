/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.sim;

import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** What is between the links: delay, loss, copies, overtaking, parts that do not hear each other. One thread. */
final class SimNetwork {

    private static final int PAST_DATAGRAMS = 256;

    private final SimScheduler scheduler;
    private final RandomGenerator random;
    private final Trace trace;
    private final List<SimLink> links = new ArrayList<>();
    private final Map<NodeId, Integer> partOf = new TreeMap<>();
    private final TreeSet<Direction> cuts = new TreeSet<>();
    private final List<Datagram> past = new ArrayList<>();
    private Faults faults;
    private long delivered;
    private long lost;

    SimNetwork(SimScheduler scheduler, RandomGenerator random, Trace trace, Faults faults) {
        this.scheduler = scheduler;
        this.random = random;
        this.trace = trace;
        this.faults = faults;
    }

    void faults(Faults now) {
        this.faults = now;
    }

    Faults faults() {
        return faults;
    }

    SimLink attach(SimLife life, int frameBytesMax) {
        SimLink link = new SimLink(this, life, links.size(), frameBytesMax);
        links.add(link);
        return link;
    }

    void detach(SimLink link) {
        link.shut();
        links.removeIf(other -> other == link);
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

    /** Everybody hears everybody again. */
    void heal() {
        partOf.clear();
        cuts.clear();
    }

    long delivered() {
        return delivered;
    }

    long lost() {
        return lost;
    }

    void toAll(SimLink from, byte[] frame, long departsNanos) {
        for (SimLink to : List.copyOf(links)) {
            if (to != from) {
                transmit(new Datagram(from.address(), to, frame), departsNanos);
            }
        }
    }

    void toNode(SimLink from, NodeId node, byte[] frame, long departsNanos) {
        for (SimLink to : List.copyOf(links)) {
            if (to != from && to.address().node().equals(node)) {
                transmit(new Datagram(from.address(), to, frame), departsNanos);
            }
        }
    }

    private void transmit(Datagram datagram, long departsNanos) {
        if (!hears(datagram.from.node(), datagram.to.address().node()) || isLost(datagram.frame.length)) {
            lost++;
            return;
        }
        deliver(datagram, departsNanos + travelNanos());
        if (chance(faults.duplication())) {
            deliver(datagram, departsNanos + travelNanos());
        }
        if (chance(faults.replay()) && !past.isEmpty()) {
            deliver(past.get(random.nextInt(past.size())), departsNanos + travelNanos());
        }
        remember(datagram);
    }

    private boolean hears(NodeId from, NodeId to) {
        return partOf.getOrDefault(from, -1).equals(partOf.getOrDefault(to, -1))
                && !cuts.contains(new Direction(from, to));
    }

    private boolean isLost(int bytes) {
        return chance(faults.loss()) || (bytes > faults.largeBytes() && chance(faults.largeLoss()));
    }

    private boolean chance(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    private long travelNanos() {
        long travel = faults.delay().toNanos();
        long jitter = faults.jitter().toNanos();
        if (jitter > 0) {
            travel += random.nextLong(jitter);
        }
        if (chance(faults.reordering())) {
            travel += random.nextLong(10 * faults.delay().toNanos());
        }
        return travel;
    }

    /** A replayed datagram of the past is delivered to the link it was for, if that is still there. */
    private void deliver(Datagram datagram, long atNanos) {
        scheduler.at(atNanos, () -> {
            delivered++;
            trace.add(datagram.to.index(), datagram.frame);
            datagram.to.arrived(datagram.frame, datagram.from);
        });
    }

    private void remember(Datagram datagram) {
        if (past.size() < PAST_DATAGRAMS) {
            past.add(datagram);
        } else if (random.nextInt(8) == 0) {
            past.set(random.nextInt(PAST_DATAGRAMS), datagram);
        }
    }

    private record Datagram(SimAddress from, SimLink to, byte[] frame) {}

    private record Direction(NodeId from, NodeId to) implements Comparable<Direction> {
        @Override
        public int compareTo(Direction other) {
            int byFrom = from.compareTo(other.from);
            return byFrom != 0 ? byFrom : to.compareTo(other.to);
        }
    }
}
