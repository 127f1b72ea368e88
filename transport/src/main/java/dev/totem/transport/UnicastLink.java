/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.SealHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * One datagram for each listed peer ({@code PROTOCOL.md} A.10, {@code udpu}). Node loop only unless the interface says
 * otherwise.
 *
 * <p>One socket, from which everything leaves; so both address and port tell who may be heard, and a node that was taken
 * from the list stays out (P63). A frame for everybody goes to the peers that take part in the ring and to those heard of
 * late, and rarely to the silent ones: {@link PeerBook}.
 */
final class UnicastLink implements DatagramLink {

    private static final Duration NAMES_PAUSE = Duration.ofSeconds(5);

    private static final Duration INTERFACE_PAUSE = Duration.ofSeconds(1);

    private final LinkPlan plan;
    private final LinkCounters counters = new LinkCounters();
    private final LinkLog log;
    private final LookOut lookOut;
    private final FrameChannel channel;
    private final FrameBatch batch;
    private final PeerList list;
    private final PeerNames names;
    private final PeerBook book;
    private final Introductions introductions = new Introductions();
    private final KeptFrame kept = new KeptFrame();
    private Set<NodeId> partners = Set.of();
    private volatile LocalAddress local;
    private List<InetSocketAddress> self = List.of();
    private volatile SocketBuffers granted;

    UnicastLink(LinkPlan plan, PeerList peers) {
        this(plan, peers, InetAddress::getByName);
    }

    UnicastLink(LinkPlan plan, PeerList peers, PeerNames.Lookup lookup) {
        this.plan = plan;
        this.list = peers;
        this.local = plan.local();
        this.log = new LinkLog(plan.self());
        this.channel = plan.carrier().channel(plan, counters, log, null);
        this.batch = new FrameBatch(channel, counters, plan.sizes().frameBytesMax());
        this.granted = channel.grantedBuffers();
        this.names = new PeerNames(peers, () -> local, lookup);
        this.lookOut = new LookOut(plan.self(), names.peers().size() + 1);
        this.book = new PeerBook(peers.peers().stream().map(Peer::id).toList());
        peers.addresses().forEach(book::locate);
    }

    /** Binds; fails with {@code ConfigurationException}. */
    Mono<Void> open() {
        return plan.openOwn(channel).then(Mono.fromRunnable(() -> {
            granted = channel.grantedBuffers();
            plan.report("unicast to " + list.peers().size() + " peers", granted, log);
        }));
    }

    @Override
    public int frameBytesMax() {
        return plan.sizes().frameBytesMax();
    }

    @Override
    public void start(Receiver receiver) {
        self = List.of(channel.localAddress());
        long nowNanos = System.nanoTime();
        book.budget(new StrangerBudget(granted.sendBytes(), nowNanos), nowNanos);
        channel.start(new ListedOnly(receiver));
        NameReport report = new NameReport();
        for (Peer peer : names.peers()) {
            lookOut.lookEvery(NAMES_PAUSE, () -> names.look(peer, report));
        }
        if (local.isScoped()) {
            lookOut.lookEvery(INTERFACE_PAUSE, this::lookAtInterface);
        }
    }

    @Override
    public void multicast(ByteBuffer frame) {
        long nowNanos = System.nanoTime();
        List<InetSocketAddress> toAsk = new ArrayList<>(0);
        List<InetSocketAddress> to = introductions.met(book.recipients(frame.remaining(), nowNanos), nowNanos, toAsk);
        if (!toAsk.isEmpty()) {
            kept.keep(frame, nowNanos);
            toAsk.forEach(address -> batch.add(header(SealHeader.KIND_WHO), List.of(address)));
        }
        batch.add(frame, to);
    }

    private ByteBuffer header(byte kind) {
        ByteBuffer header = ByteBuffer.allocate(SealHeader.BYTES);
        new SealHeader(0, 0, plan.clusterTag(), plan.self()).write(header, SealHeader.BYTES, kind, 0, 0);
        return header.flip();
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        List<InetSocketAddress> address = to.equals(plan.self()) ? self : book.addressOf(to);
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
        book.flushed();
    }

    /** The list says where nodes are; but this one is alive. */
    @Override
    public boolean learn(NodeId node, SocketAddress source) {
        long nowNanos = System.nanoTime();
        channel.heard(source);
        book.heard(node, nowNanos);
        book.addressOf(node).forEach(address -> introductions.heard(address, nowNanos));
        return false;
    }

    @Override
    public void proven(NodeId node, SocketAddress source, boolean isNewLife) {}

    @Override
    public void partners(Collection<NodeId> members) {
        book.partners(members);
        partners = Set.copyOf(members);
        long nowNanos = System.nanoTime();
        for (NodeId member : members) {
            book.addressOf(member).forEach(address -> introductions.heard(address, nowNanos));
        }
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
            lookOut.close();
            return channel.close().then(plan.afterClose());
        });
    }

    private void lookAtInterface() {
        local.now()
                .filter(found -> found.nic().getIndex() != local.nic().getIndex())
                .ifPresent(found -> onLoop(() -> {
                    log.warn(
                            "the interface has come back as another one",
                            found.nic().getName());
                    NetworkInterface nic = found.nic();
                    local = found;
                    channel.moveTo(nic);
                    for (Peer peer : list.peers()) {
                        book.addressOf(peer.id()).forEach(old -> book.locate(peer.id(), Endpoint.rescoped(old, nic)));
                    }
                }));
    }

    private void onLoop(Runnable task) {
        plan.loop().eventLoop().execute(task);
    }

    /** What the names resolve to, brought to the loop. */
    private final class NameReport implements PeerNames.Findings {

        @Override
        public void found(Peer peer, InetSocketAddress address) {
            onLoop(() -> {
                book.locate(peer.id(), address);
                log.info("peer " + peer + " is at " + Endpoint.text(address));
            });
        }

        @Override
        public void notFound(Peer peer) {
            onLoop(() -> log.remind(
                    "peer " + peer + " is left out until its name resolves",
                    "check the name, or list the address; it is looked up again every " + NAMES_PAUSE.toSeconds()
                            + " s"));
        }

        @Override
        public void refused(Peer peer, String why) {
            onLoop(() -> log.remind("peer " + peer + " stays where it was", why));
        }
    }

    /** Lets through what comes from a listed address and says it is of the node that is listed there. */
    private final class ListedOnly implements Receiver {

        private final Receiver receiver;
        private final InetSocketAddress own = channel.localAddress();

        ListedOnly(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void received(ByteBuffer bytes, SocketAddress source) {
            if (own.equals(source)) {
                counters.increment(LinkCounter.READS_OWN);
            } else if (!isWelcome(bytes, (InetSocketAddress) source)) {
                return;
            }
            counters.increment(LinkCounter.READS);
            counters.add(LinkCounter.READ_BYTES, bytes.remaining());
            receiver.received(bytes, source);
        }

        private boolean isWelcome(ByteBuffer bytes, InetSocketAddress source) {
            Optional<NodeId> owner = book.ownerOf(source);
            if (owner.isEmpty()) {
                counters.increment(LinkCounter.READS_UNLISTED);
                unlisted(SealHeader.senderOf(bytes, plan.clusterTag()), source);
                return false;
            }
            int start = bytes.position();
            int end = bytes.limit();
            int other = 0;
            boolean isAsked = false;
            while (other == 0 && bytes.hasRemaining()) {
                int at = bytes.position();
                int claimed = SealHeader.senderOf(bytes, plan.clusterTag());
                other = claimed == owner.get().value() ? 0 : claimed;
                if (claimed != 0 && isOfLinks(SealHeader.kindAt(bytes, at))) {
                    isAsked |= SealHeader.kindAt(bytes, at) == SealHeader.KIND_WHO;
                    // It is as short as a frame can be, so in a read of many only such can follow.
                    end = Math.min(end, at);
                }
                SealHeader.skipFrame(bytes);
            }
            bytes.position(start);
            if (other != 0) {
                counters.increment(LinkCounter.READS_MISADDRESSED);
                contradicted(owner.get(), NodeId.of(other), System.nanoTime());
                misaddressed(NodeId.of(other), owner.get(), source);
                return false;
            }
            if (end < bytes.limit()) {
                bytes.limit(end);
                introduced(source, isAsked, System.nanoTime());
            }
            return bytes.hasRemaining();
        }

        private static boolean isOfLinks(byte kind) {
            return kind == SealHeader.KIND_WHO || kind == SealHeader.KIND_HERE;
        }

        private void introduced(InetSocketAddress source, boolean isAsked, long nowNanos) {
            if (isAsked && introductions.mayAnswer(source, nowNanos)) {
                batch.add(header(SealHeader.KIND_HERE), List.of(source));
            }
            if (introductions.heard(source, nowNanos)) {
                kept.ifFresh(nowNanos).ifPresent(frame -> batch.add(frame, List.of(source)));
            }
            batch.flush();
        }

        /**
         * Neither of them is where the list says, as far as nothing better is known: a member is where the ring hears it, and who
         * has spoken from his own address is there.
         */
        private void contradicted(NodeId listed, NodeId claimed, long nowNanos) {
            if (!partners.contains(listed)) {
                book.isAnother(listed, nowNanos);
                book.addressOf(listed).forEach(address -> introductions.contradicted(address, nowNanos));
            }
            if (!partners.contains(claimed)) {
                book.addressOf(claimed).stream()
                        .filter(address -> !introductions.isMet(address))
                        .forEach(address -> introductions.contradicted(address, nowNanos));
            }
        }

        private void unlisted(int claimed, InetSocketAddress source) {
            if (claimed == 0) {
                return;
            }
            NodeId node = NodeId.of(claimed);
            receiver.misplaced(node, source, Optional.empty());
            if (node.equals(plan.self())) {
                log.remind("another process has this node's id", 0, () -> from(source) + "; give it an id of its own");
            } else if (book.has(node)) {
                log.remind(
                        "peer {} is not where the list says",
                        claimed,
                        () -> from(source) + " instead of " + textOf(node)
                                + "; list it there, or by a name, which is looked up again");
            } else {
                log.remind(
                        "a node is not on the list of peers",
                        0,
                        () -> "node " + node + ": " + from(source) + "; add it to the list of all nodes");
            }
        }

        private static String from(InetSocketAddress source) {
            return "frames that say so come from " + Endpoint.text(source);
        }

        private String textOf(NodeId peer) {
            List<InetSocketAddress> known = book.addressOf(peer);
            return known.isEmpty() ? "where its name leads" : Endpoint.text(known.get(0));
        }

        private void misaddressed(NodeId claimed, NodeId listed, InetSocketAddress source) {
            receiver.misplaced(claimed, source, Optional.of(listed));
            boolean isSelf = claimed.equals(plan.self());
            log.remind(
                    isSelf ? "another process has this node's id" : "peer {} does not have the id it is listed with",
                    isSelf ? 0 : listed.value(),
                    () -> "frames from " + Endpoint.text(source) + ", listed for peer " + listed
                            + ", say they are of node " + claimed
                            + (book.has(claimed) && !isSelf ? ", listed at " + textOf(claimed) : "")
                            + ": they are refused; correct the list here, or the id there");
        }
    }
}
