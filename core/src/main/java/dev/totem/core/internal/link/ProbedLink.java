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
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A link whose frames are as long as all members are known to get them ({@link PathSearch}). Node loop only unless the interface
 * says otherwise.
 *
 * <p>Each node finds out for itself which frames of its own arrive; sizes need not be agreed on, as everybody takes frames of any.
 */
public final class ProbedLink implements DatagramLink {

    /** Frames confirmed in a second, and at once at most: four checks a second of the largest ring are fewer. */
    static final int CONFIRMATIONS_MAX = 4_096;

    private static final long NANOS_EACH = TimeUnit.SECONDS.toNanos(1) / CONFIRMATIONS_MAX;

    private final DatagramLink link;
    private final NodeId self;
    private final PathSizes sizes;
    private final NodeScheduler scheduler;
    private final PathSearch search;
    private final RoundTrips trips;
    private @Nullable Receiver receiver;
    private NodeScheduler.@Nullable Cancellation timer;
    private long armedNanos = Long.MAX_VALUE;

    /** When all confirmations may be made again; what lies ahead of now is spent. */
    private long fullNanos = Long.MIN_VALUE;

    private boolean isProbing;
    private volatile int frameBytes;
    private volatile long probes;
    private volatile long holes;
    private volatile boolean closed;

    /**
     * What it is made of beside the link.
     *
     * @param sizes the most of which is at most what the link takes
     * @param tokenNanos the token timeout
     * @param firstNumber drawn by chance that strangers cannot know
     */
    public record Parts(
            NodeId self,
            NodeScheduler scheduler,
            PathSizes sizes,
            long tokenNanos,
            long firstNumber,
            PathWatch watch) {}

    /** @param link bound, not started */
    public ProbedLink(DatagramLink link, Parts parts) {
        this.link = link;
        this.self = parts.self();
        this.sizes = parts.sizes();
        this.scheduler = parts.scheduler();
        this.search = new PathSearch(sizes, parts.tokenNanos(), parts.firstNumber(), parts.watch());
        // Half of all numbers away from those of the search.
        this.trips = new RoundTrips(parts.firstNumber() ^ Long.MIN_VALUE);
        this.frameBytes = search.frameBytes();
    }

    @Override
    public int frameBytesMax() {
        return link.frameBytesMax();
    }

    @Override
    public int frameBytes() {
        return search.frameBytes();
    }

    @Override
    public int frameBytesLeast() {
        return sizes.least();
    }

    @Override
    public void start(Receiver target) {
        receiver = target;
        link.start(target);
    }

    @Override
    public void multicast(ByteBuffer frame) {
        int bytes = frame.remaining();
        link.multicast(frame);
        used(bytes);
    }

    @Override
    public void announce(ByteBuffer frame) {
        int bytes = frame.remaining();
        link.announce(frame);
        used(bytes);
    }

    private void used(int bytes) {
        if (bytes > sizes.least() && !isProbing && search.used()) {
            arm();
        }
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        link.unicast(to, frame);
    }

    @Override
    public void reply(SocketAddress source, ByteBuffer frame) {
        link.reply(source, frame);
    }

    @Override
    public void flush() {
        link.flush();
    }

    @Override
    public boolean learn(NodeId node, SocketAddress source) {
        return link.learn(node, source);
    }

    @Override
    public void proven(NodeId node, SocketAddress source, boolean isNewLife) {
        link.proven(node, source, isNewLife);
    }

    @Override
    public void partners(Collection<NodeId> members) {
        link.partners(members);
        List<NodeId> others =
                members.stream().filter(member -> !member.equals(self)).toList();
        trips.partners(others);
        search.partners(others, scheduler.nowNanos());
        probe();
    }

    @Override
    public Optional<ByteBuffer> notice(int bytesMax) {
        return link.notice(bytesMax);
    }

    @Override
    public void told(NodeId by, ByteBuffer notice) {
        Optional<PathNotice> path = PathNotice.read(notice);
        if (path.isEmpty()) {
            link.told(by, notice);
        } else if (!by.equals(self)) {
            long nowNanos = scheduler.nowNanos();
            switch (path.get().kind()) {
                case PROBE -> confirm(by, path.get().number(), nowNanos);
                case CONFIRMED -> {
                    trips.answered(by, path.get().number(), nowNanos);
                    search.confirmed(by, path.get().number(), nowNanos);
                    probe();
                }
            }
        }
    }

    private void confirm(NodeId to, long number, long nowNanos) {
        long full = Math.max(fullNanos, nowNanos);
        Receiver target = receiver;
        if (target != null && full + NANOS_EACH - nowNanos <= CONFIRMATIONS_MAX * NANOS_EACH) {
            fullNanos = full + NANOS_EACH;
            target.tell(Optional.of(to), new PathNotice(PathNotice.Kind.CONFIRMED, number).encode(), 0);
        }
    }

    /** Sends what is due. */
    private void probe() {
        Receiver target = receiver;
        if (closed || target == null) {
            return;
        }
        isProbing = true;
        for (PathSearch.Probe probe : search.due(scheduler.nowNanos())) {
            send(target, probe.number(), probe.frameBytes());
        }
        isProbing = false;
        frameBytes = search.frameBytes();
        probes = search.probes();
        holes = search.holes();
        arm();
    }

    private void send(Receiver target, long number, int bytes) {
        trips.sent(number, scheduler.nowNanos());
        target.tell(Optional.empty(), new PathNotice(PathNotice.Kind.PROBE, number).encode(), bytes);
    }

    private void arm() {
        long nextNanos = search.nextNanos();
        if (closed || nextNanos == armedNanos) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        armedNanos = nextNanos;
        timer = nextNanos == Long.MAX_VALUE ? null : scheduler.schedule(nextNanos, this::timerFired);
    }

    private void timerFired() {
        armedNanos = Long.MAX_VALUE;
        timer = null;
        probe();
    }

    @Override
    public List<PeerPlace> places() {
        Receiver target = receiver;
        if (target != null && !closed) {
            trips.wanted(scheduler.nowNanos()).ifPresent(number -> send(target, number, 0));
        }
        return link.places().stream()
                .map(place -> place.node()
                        .flatMap(trips::of)
                        .map(place::withRoundTrip)
                        .orElse(place))
                .toList();
    }

    @Override
    public Map<Statistic, Long> statistics() {
        Map<Statistic, Long> all = new HashMap<>(link.statistics());
        all.put(Statistics.LINK_FRAME_BYTES, (long) frameBytes);
        all.put(Statistics.LINK_PATH_PROBES, probes);
        all.put(Statistics.LINK_PATH_LOWERED, holes);
        return all;
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            return link.close();
        });
    }
}
