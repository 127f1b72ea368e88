/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import dev.totem.core.Statistic;
import dev.totem.core.spi.DatagramLink;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One datagram for everybody, by a multicast group ({@code PROTOCOL.md} A.10). Node loop only unless the interface says
 * otherwise.
 *
 * <p>Two sockets: one bound to the node's own address, where tokens arrive and from where <em>everything</em> leaves, so
 * that the source of any frame is where its sender is reached; and one bound to the group. Processes of one host hear each
 * other, and a node hears itself: what comes back is cut by the system where it can ({@link OwnEcho}) and dropped here, and
 * its absence tells that the group was lost.
 */
final class MulticastLink implements DatagramLink {

    private static final int WATCH_MILLIS = 1_000;

    private final LinkPlan plan;
    private final Endpoint group;
    private final LinkCounters counters = new LinkCounters();
    private final LinkLog log;
    private final UdpChannel own;
    private final PeerAddresses addresses = new PeerAddresses();
    private final FrameBatch batch;
    private final LookOut lookOut;
    private List<InetSocketAddress> everybody;
    private LocalAddress local;
    private UdpChannel shared;
    private volatile SocketBuffers granted;
    private @Nullable Future<?> watch;
    private long multicastsSinceWatch;
    private long heardAtWatch;
    private boolean isToGreet;

    MulticastLink(LinkPlan plan, Endpoint group) {
        this.plan = plan;
        this.group = group;
        this.log = new LinkLog(plan.self());
        this.lookOut = new LookOut(plan.self(), 1);
        this.local = plan.local();
        this.everybody = List.of(groupAddress(group, local));
        SocketPlan socket = SocketPlan.own(local.address(), plan.sizes());
        this.own = new UdpChannel(plan.loop(), socket.multicastFrom(local.nic()), counters, log);
        this.shared = new UdpChannel(plan.loop(), socket.sharedAt(everybody.get(0)), counters, log);
        this.batch = new FrameBatch(own, counters, plan.sizes().frameBytesMax());
        this.granted = own.grantedBuffers();
    }

    /** The group's address as seen from here; refuses what is none, and what cannot be reached at all. */
    static InetSocketAddress groupAddress(Endpoint group, LocalAddress local) {
        InetAddress address = group.resolve();
        if (!address.isMulticastAddress()) {
            throw group.refused("not a multicast address: take one of 239.0.0.0/8 or ff15::/16, or use peers");
        }
        if (group.port() == 0) {
            throw group.refused("all nodes of a group share its port: name one from 1 to 65535");
        }
        if (!local.sameFamily(address)) {
            throw group.refused("bind is an " + local.familyName() + " address: the group must be one too");
        }
        if (local.isIpv6() && local.address().getAddress().isLoopbackAddress()) {
            // Linux routes no IPv6 group to its loopback interface, and given a route it delivers none of it.
            throw group.refused("the loopback interface carries no IPv6 multicast: bind 127.0.0.1 with an IPv4 group,"
                    + " another interface, or use peers");
        }
        return new InetSocketAddress(Endpoint.scoped(address, local.nic()), group.port());
    }

    /** Binds and joins; fails with {@code ConfigurationException}. */
    Mono<Void> open() {
        return plan.openOwn(own).then(Mono.defer(this::openShared)).then(Mono.fromRunnable(() -> {
            granted = shared.grantedBuffers();
            plan.report("multicast by " + group, granted, log);
        }));
    }

    private Mono<Void> openShared() {
        InetSocketAddress address = everybody.get(0);
        shared.echoOf(own.localAddress());
        return shared.open()
                .onErrorResume(refused -> {
                    // Some systems bind no socket to a group: there it takes everything that comes to the port.
                    InetSocketAddress any = plan.local().anyAddress(address.getPort());
                    SocketPlan socket =
                            SocketPlan.own(plan.local().address(), plan.sizes()).sharedAt(any);
                    shared = new UdpChannel(plan.loop(), socket, counters, log);
                    shared.echoOf(own.localAddress());
                    return shared.open().onErrorMap(cause -> LinkPlan.bindFailed(group, cause));
                })
                .then(Mono.defer(
                        () -> shared.join(address.getAddress(), plan.local().nic())))
                .onErrorMap(
                        cause -> !(cause instanceof ConfigurationException),
                        cause -> group.refused(
                                "the interface " + plan.local().nic().getName() + " cannot join the group: "
                                        + cause.getMessage(),
                                cause));
    }

    @Override
    public int frameBytesMax() {
        return plan.sizes().frameBytesMax();
    }

    @Override
    public void start(Receiver receiver) {
        addresses.proven(plan.self(), own.localAddress(), true, System.nanoTime());
        Receiver others = new OthersOnly(receiver);
        own.start(others);
        shared.start(others);
        watch = plan.loop()
                .eventLoop()
                .scheduleWithFixedDelay(this::lookAfterGroup, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void multicast(ByteBuffer frame) {
        multicastsSinceWatch++;
        batch.add(frame, isToGreet && own.isOpen() ? greeted() : everybody);
    }

    /** The group, and everybody known by his own address. */
    private List<InetSocketAddress> greeted() {
        isToGreet = false;
        return Stream.concat(everybody.stream(), addresses.all()).toList();
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        Optional<List<InetSocketAddress>> address = addresses.of(to);
        if (address.isEmpty()) {
            counters.increment(LinkCounter.FRAMES_UNADDRESSED);
            frame.position(frame.limit());
            return;
        }
        batch.add(frame, address.get());
    }

    @Override
    public void reply(SocketAddress source, ByteBuffer frame) {
        batch.add(frame, List.of((InetSocketAddress) source));
    }

    @Override
    public void flush() {
        batch.flush();
    }

    @Override
    public boolean learn(NodeId node, SocketAddress source) {
        return addresses.learn(node, (InetSocketAddress) source, System.nanoTime());
    }

    @Override
    public void proven(NodeId node, SocketAddress source, boolean isNewLife) {
        addresses.proven(node, (InetSocketAddress) source, isNewLife, System.nanoTime());
    }

    @Override
    public void partners(Collection<NodeId> members) {
        addresses.partners(members);
    }

    @Override
    public List<PeerPlace> places() {
        return addresses.known(System.nanoTime());
    }

    @Override
    public Map<Statistic, Long> statistics() {
        return LinkReport.statistics(counters, plan.sizes(), granted);
    }

    List<FrameChannel> channels() {
        return List.of(own, shared);
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            lookOut.close();
            plan.loop().eventLoop().execute(this::stopWatching);
            return Mono.whenDelayError(own.close(), shared.close()).then(plan.afterClose());
        });
    }

    private void stopWatching() {
        Future<?> watching = watch;
        if (watching != null) {
            watching.cancel(false);
        }
    }

    /** Sent and not heard: the interface is down, or it came back as another one and the group must be joined again. */
    private void lookAfterGroup() {
        long heard = counters.get(LinkCounter.READS_OWN);
        boolean lost = multicastsSinceWatch > 0 && heard == heardAtWatch;
        multicastsSinceWatch = 0;
        heardAtWatch = heard;
        if (!lost) {
            return;
        }
        log.warn("nothing is heard of the group, not even this node", String.valueOf(group));
        LocalAddress before = local;
        lookOut.look(() ->
                before.now().ifPresent(found -> plan.loop().eventLoop().execute(() -> takeUp(found))));
    }

    /**
     * The interface as it is now. An address that it is part of is another one, and so is all that was bound to it. It may have
     * another hardware address, too, and IPv6 hosts keep the old one for most of a minute, unless they are asked for theirs: the
     * first frame goes to each of them, for which the system asks.
     */
    private void takeUp(LocalAddress found) {
        boolean isMoved = found.nic().getIndex() != local.nic().getIndex();
        local = found;
        isToGreet |= isMoved;
        if (isMoved && found.isIpv6()) {
            everybody = List.of(Endpoint.rescoped(everybody.get(0), found.nic()));
            addresses.moveTo(found.nic());
            own.moveTo(found.nic());
            shared.moveTo(found.nic());
        } else {
            own.multicastFrom(found.nic());
            shared.rejoin(found.nic());
        }
    }

    /** What this node sent to the group comes back to it; opening it would be work for nothing. */
    private final class OthersOnly implements Receiver {

        private final Receiver receiver;
        private final InetSocketAddress self = own.localAddress();

        OthersOnly(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void received(ByteBuffer bytes, SocketAddress source) {
            if (self.equals(source)) {
                counters.increment(LinkCounter.READS_OWN);
                counters.add(LinkCounter.READ_BYTES_OWN, bytes.remaining());
                return;
            }
            counters.increment(LinkCounter.READS);
            counters.add(LinkCounter.READ_BYTES, bytes.remaining());
            receiver.received(bytes, source);
        }
    }
}
