/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.NodeScheduler;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Up to four networks as one link: the Totem redundant ring protocol. Node loop only unless the interface says otherwise.
 *
 * <p>Tokens and what forms a ring go by all networks, messages as {@link Spread} says. Each
 * node says on each network a hundred times a second that it is there; a network that lags is faulty ({@link NetworkMonitor})
 * and carries no messages and tokens until it has worked for half a second. Copies of a frame end here.
 *
 * <p>Where the papers hold a token back until the messages of the slower network have come, nothing is held back here: a node
 * asks for a message only when it is missing at two visits.
 */
public final class RedundantLink implements DatagramLink {

    /** As many as the papers and corosync have use for. */
    public static final int NETWORKS_MAX = 4;

    private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** In larger rings beats are rarer, so that there are not more of them. */
    private static final int MEMBERS_A_BEAT = 8;

    private static final int NONE = -1;

    /** With {@link Spread#GROUP}. */
    private static final int ONE_BY_ONE = 0;

    private static final int BY_GROUP = 1;

    /** With {@link Spread#GROUP} beats only tell whether the group is heard: a token timeout has many of them all the same. */
    private static final long GROUP_BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final NodeId self;
    private final List<? extends DatagramLink> networks;
    private final Spread spread;
    private final NodeScheduler scheduler;
    private final NetworkMonitor monitor;
    private final FrameCopies copies;
    private final Misplacements misplacements;
    private final long life;
    private final Mono<Void> afterClose;
    private final boolean[] isQueued;
    private final boolean[] isNoticeDue;
    private @Nullable Receiver receiver;
    private long beats;
    private long nextNanos;

    /** The network whose read is handed over, or whose beat is sent. */
    private int reading = NONE;

    private int beating = NONE;

    /** The network whose link tells something. */
    private int telling = NONE;

    private int turn;
    private volatile long faults;
    private volatile int avoided;
    private volatile boolean closed;

    /**
     * What it is made of beside the networks.
     *
     * @param life tells this life of the node from others, drawn by chance
     * @param secret drawn by chance that strangers cannot know
     * @param afterClose the last part of closing
     */
    public record Parts(
            NodeId self,
            Spread spread,
            NodeScheduler scheduler,
            NetworkWatch watch,
            long life,
            long secret,
            Mono<Void> afterClose) {}

    /**
     * @param networks two to four, in the same order at all nodes; bound, not started
     */
    public RedundantLink(List<? extends DatagramLink> networks, Parts parts) {
        if (networks.size() < 2 || networks.size() > NETWORKS_MAX) {
            throw new IllegalArgumentException("from 2 to " + NETWORKS_MAX + " networks, not " + networks.size());
        }
        this.self = parts.self();
        this.networks = List.copyOf(networks);
        this.spread = parts.spread();
        this.scheduler = parts.scheduler();
        this.monitor = new NetworkMonitor(networks.size(), spread == Spread.GROUP, parts.watch());
        this.copies = new FrameCopies(parts.secret());
        this.misplacements = new Misplacements(spread == Spread.GROUP ? ONE_BY_ONE + 1 : networks.size());
        this.life = parts.life();
        this.afterClose = parts.afterClose();
        this.turn = networks.size() - 1;
        this.avoided = monitor.avoided();
        this.isQueued = new boolean[networks.size()];
        this.isNoticeDue = new boolean[networks.size()];
    }

    @Override
    public int frameBytesMax() {
        return networks.stream().mapToInt(DatagramLink::frameBytesMax).min().orElseThrow();
    }

    @Override
    public int frameBytes() {
        int least = frameBytesMax();
        for (int network = 0; network < networks.size(); network++) {
            if (isUsed(network)) {
                least = Math.min(least, networks.get(network).frameBytes());
            }
        }
        return least;
    }

    @Override
    public int frameBytesLeast() {
        return networks.stream().mapToInt(DatagramLink::frameBytesLeast).min().orElseThrow();
    }

    @Override
    public void start(Receiver target) {
        receiver = target;
        for (int network = 0; network < networks.size(); network++) {
            networks.get(network).start(new Inlet(network));
        }
        nextNanos = scheduler.nowNanos();
        scheduleBeat();
    }

    private void scheduleBeat() {
        long beatNanos = spread == Spread.GROUP ? GROUP_BEAT_NANOS : BEAT_NANOS;
        long period = beatNanos * (1 + monitor.members() / MEMBERS_A_BEAT);
        // A loop that was held up does not make up for it: beats would overtake what they are about.
        nextNanos = Math.max(nextNanos + period, scheduler.nowNanos());
        scheduler.schedule(nextNanos, this::beat);
    }

    private void beat() {
        Receiver to = receiver;
        if (closed || to == null) {
            return;
        }
        monitor.look(scheduler.nowNanos());
        avoided = monitor.avoided();
        faults = monitor.faults();
        beats++;
        for (beating = 0; beating < networks.size() && !closed; beating++) {
            to.noticeDue();
        }
        beating = NONE;
        scheduleBeat();
    }

    @Override
    public Optional<ByteBuffer> notice(int bytesMax) {
        if (beating == NONE || bytesMax < Beat.BYTES) {
            return Optional.empty();
        }
        Optional<ByteBuffer> inner = Optional.empty();
        if (isNoticeDue[beating]) {
            isNoticeDue[beating] = false;
            inner = networks.get(beating).notice(bytesMax - Beat.BYTES);
        }
        ByteBuffer notice = ByteBuffer.allocate(
                Beat.BYTES + inner.map(ByteBuffer::remaining).orElse(0));
        new Beat(beating, monitor.faulty(), life, beats).write(notice);
        inner.ifPresent(notice::put);
        return Optional.of(notice.flip());
    }

    @Override
    public void told(NodeId by, ByteBuffer notice) {
        if (reading == NONE || by.equals(self)) {
            return;
        }
        Optional<Beat> beat = Beat.read(notice);
        if (beat.isPresent() && beat.get().network() == reading) {
            monitor.heard(by, beat.get(), scheduler.nowNanos());
        }
        if (notice.hasRemaining()) {
            networks.get(reading).told(by, notice);
        }
    }

    @Override
    public void multicast(ByteBuffer frame) {
        int only = only();
        if (only != NONE) {
            toAllBy(only, frame);
        } else {
            switch (spread) {
                case ACTIVE -> toAllByAll(frame);
                case PASSIVE -> toAllBy(nextTurn(), frame);
                case GROUP -> toAllBy(isUsed(BY_GROUP) ? BY_GROUP : ONE_BY_ONE, frame);
            }
        }
        frame.position(frame.limit());
    }

    private void toAllByAll(ByteBuffer frame) {
        for (int network = 0; network < networks.size(); network++) {
            if (isUsed(network)) {
                toAllBy(network, frame.duplicate());
            }
        }
    }

    private int nextTurn() {
        do {
            turn = (turn + 1) % networks.size();
        } while (!isUsed(turn));
        return turn;
    }

    @Override
    public void announce(ByteBuffer frame) {
        for (int network = 0; network < networks.size(); network++) {
            isQueued[network] = true;
            networks.get(network).announce(frame.duplicate());
        }
        frame.position(frame.limit());
    }

    private void toAllBy(int network, ByteBuffer frame) {
        isQueued[network] = true;
        networks.get(network).multicast(frame);
    }

    /** What a beat is for, or what a link tells, is of one network. */
    private int only() {
        return beating == NONE ? telling : beating;
    }

    private boolean isUsed(int network) {
        return (avoided & (1 << network)) == 0;
    }

    /** Whether what is for one node goes by this network, too. */
    private boolean isTaken(int network) {
        if (telling != NONE) {
            return telling == network;
        }
        boolean isSpare = spread == Spread.GROUP && network == BY_GROUP && isUsed(ONE_BY_ONE);
        return isUsed(network) && !isSpare;
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        for (int network = 0; network < networks.size(); network++) {
            if (isTaken(network)) {
                isQueued[network] = true;
                networks.get(network).unicast(to, frame.duplicate());
            }
        }
        frame.position(frame.limit());
    }

    @Override
    public void reply(SocketAddress source, ByteBuffer frame) {
        int network = reading();
        isQueued[network] = true;
        networks.get(network).reply(source, frame);
    }

    @Override
    public void flush() {
        for (int network = 0; network < networks.size(); network++) {
            if (isQueued[network]) {
                isQueued[network] = false;
                networks.get(network).flush();
            }
        }
    }

    @Override
    public boolean learn(NodeId node, SocketAddress source) {
        return networks.get(reading()).learn(node, source);
    }

    @Override
    public void proven(NodeId node, SocketAddress source, boolean isNewLife) {
        networks.get(reading()).proven(node, source, isNewLife);
    }

    /** Where a source belongs: what is done about a read is done while it is handed over. */
    private int reading() {
        return reading == NONE ? 0 : reading;
    }

    @Override
    public void partners(Collection<NodeId> members) {
        networks.forEach(network -> network.partners(members));
        monitor.partners(members.stream().filter(member -> !member.equals(self)).toList());
    }

    @Override
    public List<PeerPlace> places() {
        return IntStream.range(0, networks.size())
                .boxed()
                .flatMap(network -> networks.get(network).places().stream().map(place -> place.onNetwork(network + 1)))
                .toList();
    }

    @Override
    public Map<Statistic, Long> statistics() {
        Map<Statistic, Long> all = new HashMap<>();
        for (DatagramLink network : networks) {
            network.statistics()
                    .forEach((statistic, value) -> all.merge(
                            statistic, value, Statistics.LINK_FRAME_BYTES.equals(statistic) ? Long::min : Long::sum));
        }
        all.put(Statistics.LINK_FRAME_BYTES_MAX, (long) frameBytesMax());
        all.put(Statistics.LINK_NETWORKS, (long) networks.size());
        all.put(Statistics.LINK_NETWORKS_FAULTY, (long) Integer.bitCount(avoided));
        all.put(Statistics.LINK_NETWORK_FAULTS, faults);
        all.put(Statistics.LINK_FRAMES_COPIED, copies.count());
        return all;
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            return Flux.fromIterable(networks)
                    .flatMapDelayError(DatagramLink::close, NETWORKS_MAX, 1)
                    .then(afterClose);
        });
    }

    /** What one network hands over. */
    private final class Inlet implements Receiver {

        private final int network;

        Inlet(int network) {
            this.network = network;
        }

        @Override
        public void received(ByteBuffer bytes, SocketAddress source) {
            int before = reading;
            reading = network;
            try {
                Receiver target = receiver;
                if (target != null) {
                    copies.passOn(bytes, network, piece -> target.received(piece, source));
                }
                bytes.position(bytes.limit());
            } finally {
                reading = before;
            }
        }

        @Override
        public void misplaced(NodeId claimed, SocketAddress source, Optional<NodeId> listed) {
            Optional.ofNullable(receiver)
                    .filter(target -> misplacements.isEverywhere(network, claimed))
                    .ifPresent(target -> target.misplaced(claimed, source, listed));
        }

        @Override
        public void noticeDue() {
            isNoticeDue[network] = true;
        }

        @Override
        public void tell(Optional<NodeId> to, ByteBuffer notice, int frameBytes) {
            Receiver target = receiver;
            if (target != null) {
                int before = telling;
                telling = network;
                try {
                    target.tell(to, notice, frameBytes);
                } finally {
                    telling = before;
                }
            }
        }
    }
}
