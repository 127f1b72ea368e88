/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import dev.totem.core.Statistic;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.PeerDiscovery;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One datagram for each node, wherever it is found. Node loop only unless the interface says otherwise.
 *
 * <p>Discovery says where nodes may be; who is there, authentic frames tell. Members tell each other where members are, so
 * one of them that is found is enough. One socket, from which everything leaves: the source of an authentic frame is where
 * its sender is, once it has answered from there ({@link PeerAddresses}), also when it was elsewhere before.
 */
final class DiscoveredLink implements DatagramLink {

    /** Members that tell nothing new are silent: what is told again is for those whom discovery has found since. */
    private static final long NOTICE_MILLIS = 500;

    /** As many may be met at the same time, and need one notice. */
    private static final long NEWS_MILLIS = 20;

    private static final Duration ADDRESS_PAUSE = Duration.ofMillis(500);

    private final LinkPlan plan;
    private final LinkCounters counters = new LinkCounters();
    private final LinkLog log;
    private final FrameChannel channel;
    private final FrameBatch batch;
    private final Roster roster = new Roster();
    private final PeerAddresses addresses = new PeerAddresses();
    private final Search search;
    private final @Nullable InetSocketAddress advertised;
    private final LookOut lookOut;
    private volatile LocalAddress local;
    private boolean isAddressGone;
    private List<InetSocketAddress> self = List.of();
    private volatile SocketBuffers granted;
    private @Nullable Receiver receiver;
    private @Nullable Future<?> noticing;
    private boolean isNewsDue;
    private int noticeFrom;

    /** @param advertised where others reach this node, if that is not where it is bound */
    DiscoveredLink(LinkPlan plan, List<PeerDiscovery> discoveries, @Nullable InetSocketAddress advertised) {
        this.plan = plan;
        this.advertised = advertised;
        this.local = plan.local();
        this.lookOut = new LookOut(plan.self(), 1);
        this.log = new LinkLog(plan.self());
        this.channel = plan.carrier().channel(plan, counters, log, advertised);
        this.batch = new FrameBatch(channel, counters, plan.sizes().frameBytesMax());
        this.granted = channel.grantedBuffers();
        this.search = new Search(discoveries, plan, log, found -> roster.candidates(found, System.nanoTime()));
    }

    /** Binds; fails with {@code ConfigurationException}. */
    Mono<Void> open() {
        return plan.openOwn(channel).then(Mono.fromRunnable(() -> {
            granted = channel.grantedBuffers();
            plan.report("unicast to those found by " + search, granted, log);
        }));
    }

    @Override
    public int frameBytesMax() {
        return plan.sizes().frameBytesMax();
    }

    @Override
    public void start(Receiver receiver) {
        local = local.withPort(channel.localAddress().getPort());
        isAt(channel.localAddress());
        long nowNanos = System.nanoTime();
        roster.budget(new StrangerBudget(granted.sendBytes(), nowNanos), nowNanos);
        this.receiver = receiver;
        channel.start(new Counted(receiver));
        noticing = plan.loop()
                .eventLoop()
                .scheduleWithFixedDelay(receiver::noticeDue, NOTICE_MILLIS, NOTICE_MILLIS, TimeUnit.MILLISECONDS);
        search.start(reached());
        lookOut.lookEvery(ADDRESS_PAUSE, this::lookAtAddress);
    }

    private InetSocketAddress reached() {
        return advertised == null ? channel.localAddress() : advertised;
    }

    private void isAt(InetSocketAddress bound) {
        self = List.of(bound);
        roster.own(List.of(bound, reached()));
    }

    private void lookAtAddress() {
        LocalAddress before = local;
        Optional<LocalAddress> now = before.now();
        plan.loop().eventLoop().execute(() -> now.ifPresentOrElse(found -> isThere(before, found), this::isGone));
    }

    private void isGone() {
        if (!isAddressGone) {
            log.info("this host does not have the address " + Endpoint.text(local.address())
                    + " any more; the node goes on, and is back when the address is");
        }
        isAddressGone = true;
    }

    /** Where it was, or somewhere else: then the socket ends and is opened there. */
    private void isThere(LocalAddress before, LocalAddress found) {
        boolean isMoved = !Roster.isSame(before.address(), found.address());
        if (isMoved) {
            log.info("this node moves from " + Endpoint.text(before.address()) + " to "
                    + Endpoint.text(found.address()));
            channel.moveTo(found.address().getAddress());
            isAt(found.address());
        } else if (isAddressGone) {
            log.info("this host has the address " + Endpoint.text(found.address()) + " again");
        }
        isAddressGone = false;
        local = found;
    }

    @Override
    public void multicast(ByteBuffer frame) {
        batch.add(frame, roster.recipients(frame.remaining(), System.nanoTime()));
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        List<InetSocketAddress> address = to.equals(plan.self()) ? self : roster.addressOf(to);
        if (address.isEmpty()) {
            counters.increment(LinkCounter.FRAMES_UNADDRESSED);
            frame.position(frame.limit());
            return;
        }
        batch.add(frame, address);
    }

    @Override
    public void reply(SocketAddress source, ByteBuffer frame) {
        batch.add(frame, List.of((InetSocketAddress) source));
    }

    @Override
    public void flush() {
        batch.flush();
        roster.flushed();
    }

    @Override
    public boolean learn(NodeId node, SocketAddress source) {
        if (node.equals(plan.self()) || !(source instanceof InetSocketAddress address)) {
            return false;
        }
        channel.heard(source);
        boolean isToBeAsked = addresses.learn(node, address, System.nanoTime());
        heardIfThere(node, address);
        return isToBeAsked;
    }

    @Override
    public void proven(NodeId node, SocketAddress source, boolean isNewLife) {
        if (!node.equals(plan.self()) && source instanceof InetSocketAddress address) {
            addresses.proven(node, address, isNewLife, System.nanoTime());
            heardIfThere(node, address);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is done soon, or not needed any more
    private void heardIfThere(NodeId node, InetSocketAddress address) {
        boolean isThere = addresses
                .of(node)
                .filter(known -> Roster.isSame(known.get(0), address))
                .isPresent();
        if (!isThere) {
            return;
        }
        if (roster.learn(node, address, System.nanoTime())) {
            log.warn("node " + node + " has moved", "it is at " + Endpoint.text(address) + " now");
        }
        if (!isNewsDue && roster.hasNews()) {
            isNewsDue = true;
            plan.loop().eventLoop().schedule(this::tellNews, NEWS_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tellNews() {
        isNewsDue = false;
        Receiver to = receiver;
        if (to != null) {
            to.noticeDue();
        }
    }

    @Override
    public void partners(Collection<NodeId> members) {
        Set<NodeId> others = new HashSet<>(members);
        others.remove(plan.self());
        roster.partners(others);
        addresses.partners(others);
    }

    @Override
    public Optional<ByteBuffer> notice(int bytesMax) {
        long nowNanos = System.nanoTime();
        roster.newsTold();
        List<InetSocketAddress> known = new ArrayList<>(roster.worthTelling(nowNanos));
        if (advertised != null) {
            known.add(advertised);
        }
        if (known.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer notice = AddressNotice.encode(known, noticeFrom, bytesMax);
        noticeFrom = (noticeFrom + Math.max(1, known.size() / 2)) % known.size();
        return Optional.of(notice);
    }

    @Override
    public void told(NodeId by, ByteBuffer notice) {
        long nowNanos = System.nanoTime();
        for (InetSocketAddress address : AddressNotice.decode(notice, local.nic())) {
            if (local.sameFamily(address.getAddress())) {
                roster.told(address, nowNanos);
            }
        }
    }

    @Override
    public List<PeerPlace> places() {
        return roster.places(System.nanoTime());
    }

    @Override
    public Map<Statistic, Long> statistics() {
        return LinkReport.statistics(counters, plan.sizes(), granted);
    }

    List<FrameChannel> channels() {
        return List.of(channel);
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            search.close();
            lookOut.close();
            plan.loop().eventLoop().execute(this::stopNoticing);
            return channel.close().then(plan.afterClose());
        });
    }

    private void stopNoticing() {
        receiver = null;
        Future<?> ticking = noticing;
        if (ticking != null) {
            ticking.cancel(false);
        }
    }

    /** Counts what comes; whoever can seal is heard. */
    private final class Counted implements Receiver {

        private final Receiver receiver;

        Counted(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void received(ByteBuffer bytes, SocketAddress source) {
            if (source.equals(channel.localAddress())) {
                counters.increment(LinkCounter.READS_OWN);
            }
            counters.increment(LinkCounter.READS);
            counters.add(LinkCounter.READ_BYTES, bytes.remaining());
            receiver.received(bytes, source);
        }
    }
}
