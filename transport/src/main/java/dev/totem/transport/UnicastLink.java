/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramLink;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import reactor.core.publisher.Mono;

/**
 * One datagram for each listed peer ({@code protocol.md} A.10, {@code udpu}). Node loop only unless the interface says
 * otherwise.
 *
 * <p>One socket, from which everything leaves; so both address and port tell who may be heard, and a node that was taken
 * from the list stays out (P63). All peers get every frame for everybody, alive or not.
 */
final class UnicastLink implements DatagramLink {

    private final LinkPlan plan;
    private final LinkCounters counters = new LinkCounters();
    private final LinkLog log;
    private final UdpChannel channel;
    private final FrameBatch batch;
    private final PeerAddresses addresses = new PeerAddresses();
    private final List<InetSocketAddress> others;
    private final Set<InetSocketAddress> listed;
    private volatile SocketBuffers granted;

    UnicastLink(LinkPlan plan, PeerList peers) {
        this.plan = plan;
        this.log = new LinkLog(plan.self());
        this.others = List.copyOf(peers.addresses().values());
        this.listed = Set.copyOf(others);
        peers.addresses().forEach(addresses::learn);
        this.channel = new UdpChannel(plan.loop(), SocketPlan.own(plan.local().address(), plan.sizes()), counters, log);
        this.batch = new FrameBatch(channel, counters, plan.sizes().frameBytesMax());
        this.granted = channel.grantedBuffers();
    }

    /** Binds; fails with {@code ConfigurationException}. */
    Mono<Void> open() {
        return plan.openOwn(channel).then(Mono.fromRunnable(() -> {
            granted = channel.grantedBuffers();
            plan.report("unicast to " + others.size() + " peers", granted, log);
        }));
    }

    @Override
    public int frameBytesMax() {
        return plan.sizes().frameBytesMax();
    }

    @Override
    public void start(Receiver receiver) {
        addresses.learn(plan.self(), channel.localAddress());
        channel.start(new ListedOnly(receiver, channel.localAddress()));
    }

    @Override
    public void multicast(ByteBuffer frame) {
        batch.add(frame, others);
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        addresses.of(to).ifPresentOrElse(address -> batch.add(frame, address), () -> {
            counters.increment(LinkCounter.FRAMES_UNADDRESSED);
            frame.position(frame.limit());
        });
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
    public void learn(NodeId node, SocketAddress source) {
        // The list says where nodes are.
    }

    @Override
    public SortedMap<String, Long> counters() {
        return LinkReport.counters(counters, plan.sizes(), granted);
    }

    List<UdpChannel> channels() {
        return List.of(channel);
    }

    @Override
    public Mono<Void> close() {
        return channel.close().then(plan.afterClose());
    }

    private final class ListedOnly implements Receiver {

        private final Receiver receiver;
        private final InetSocketAddress self;

        ListedOnly(Receiver receiver, InetSocketAddress self) {
            this.receiver = receiver;
            this.self = self;
        }

        @Override
        @SuppressWarnings("SuspiciousMethodCalls")
        public void received(ByteBuffer bytes, SocketAddress source) {
            if (self.equals(source)) {
                counters.increment(LinkCounter.READS_OWN);
            }
            if (!listed.contains(source) && !self.equals(source)) {
                counters.increment(LinkCounter.READS_UNLISTED);
                return;
            }
            counters.increment(LinkCounter.READS);
            counters.add(LinkCounter.READ_BYTES, bytes.remaining());
            receiver.received(bytes, source);
        }

        @Override
        public void readComplete() {
            receiver.readComplete();
        }
    }
}
