/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.NodeEnvironment;
import dev.totem.core.internal.node.RunningNode;
import dev.totem.core.internal.settings.FlowLimits;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.RingSequenceStore;
import dev.totem.core.spi.SealHeader;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One start of a node: checks everything, opens storage, loop and sockets in this order, and gives them back in the other
 * order when the node ends or does not come to be.
 */
final class UdpStart {

    private static final Logger LOG = LoggerFactory.getLogger(UdpStart.class);

    /** Room for bursts to so many nodes is left in the queue when nobody knows how many will be found. */
    private static final int COPIES_FOUND = 16;

    private final UdpTotemConfig config;
    private final NodeId self;
    private final DatagramSeal seal;
    private final NodeSettings totem;
    private final LinkSizes sizes;
    private final LocalAddress local;
    private final @Nullable InetSocketAddress advertised;
    private final @Nullable PeerList peers;
    private final AtomicBoolean released = new AtomicBoolean();
    private @Nullable FileRingSequenceStore ownStore;
    private @Nullable UdpLoop loop;
    private Mono<Void> closeLink = Mono.empty();

    private UdpStart(UdpTotemConfig config) {
        this.config = config;
        this.seal = required(
                config.seal,
                "seal",
                "say what protects the datagrams with seal(…), for example a seal from a key file");
        Endpoint bind = required(config.bind, "bind", "name an address of this host with bind(host, port)");
        Endpoint group = config.group;
        List<Peer> listed = config.peers;
        if (group == null && listed == null && config.discoveries.isEmpty()) {
            throw new ConfigurationException(
                    "mcast",
                    "missing",
                    "say how the others are reached: "
                            + (config.carrier == Carrier.UDP ? "multicast(group, port), " : "")
                            + "peers(…) or discover(…)");
        }
        if (config.advertised != null && config.discoveries.isEmpty()) {
            throw config.advertised.refused("is told to others by discovery only: use discover(…)");
        }
        boolean isStream = config.carrier == Carrier.TCP;
        LocalAddress bound = LocalAddress.resolve(bind);
        this.local = isStream ? bound.streaming() : bound;
        this.advertised = config.advertised == null
                ? null
                : new InetSocketAddress(config.advertised.resolve(), config.advertised.port());
        this.self = required(
                config.isIdDerived ? derivedId() : config.self,
                "id",
                "set the node's id with nodeId(…), from 1 to " + Integer.MAX_VALUE);
        if (group != null) {
            MulticastLink.groupAddress(group, local);
            this.peers = null;
        } else if (listed == null) {
            this.peers = null;
        } else {
            if (bind.port() == 0) {
                throw bind.refused("peers must know the port: name one from 1 to 65535");
            }
            this.peers = PeerList.resolve(self, local, listed);
        }
        NodeSettings settings = NodeSettings.of(config.totem);
        FlowLimits wanted = local.inFrames(settings.flow());
        int frameBytesMax = local.frameBytesMax(wanted.netmtu());
        FlowLimits flow = isStream ? wanted : SocketBuffers.fit(wanted, frameBytesMax);
        this.totem = settings.withFlow(flow);
        this.sizes = LinkSizes.of(local, wanted, flow, copies());
    }

    private NodeId derivedId() {
        String host = HostName.get();
        if (HostName.isNumbered(host)) {
            return NodeId.fromHostname(host);
        }
        InetSocketAddress reached = advertised == null ? local.address() : advertised;
        if (reached.getPort() == 0) {
            throw new ConfigurationException(
                    "id", "auto", "an id that is derived from an address needs its port: bind one from 1 to 65535");
        }
        return NodeId.fromAddress(reached);
    }

    /** How often a frame for everybody is sent, as far as that is known beforehand. */
    private int copies() {
        if (peers != null) {
            return Math.max(1, peers.peers().size());
        }
        return config.discoveries.isEmpty() ? 1 : COPIES_FOUND;
    }

    /**
     * Completes with the running node, or without one if it is not wanted any more. Looks names up and opens files, which
     * blocks; not to be cancelled.
     */
    static Mono<TotemNode> of(UdpTotemConfig config, BooleanSupplier isWanted) {
        return Linkage.call(() -> new UdpStart(config))
                .filter(start -> isWanted.getAsBoolean())
                .flatMap(start -> Linkage.defer(start::run)
                        .onErrorResume(cause -> start.release().then(Mono.error(cause))));
    }

    private Mono<TotemNode> run() {
        RingSequenceStore store = openStore();
        UdpLoop opened = UdpLoop.start(self, config.nativeTransport);
        loop = opened;
        SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
        return openLink(opened)
                .flatMap(link -> Linkage.defer(() -> {
                    NodeEnvironment environment = new NodeEnvironment(
                            config.decorator.apply(link),
                            new EventLoopScheduler(opened.eventLoop()),
                            seal,
                            store,
                            random);
                    return RunningNode.start(self, totem, environment, config.onBound)
                            .doOnNext(this::releaseWithNode);
                }));
    }

    private RingSequenceStore openStore() {
        RingSequenceStore given = config.store;
        if (given != null) {
            return given;
        }
        Path directory = config.stateDirectory;
        FileRingSequenceStore opened = FileRingSequenceStore.open(
                directory == null
                        ? StateDirectory.of(Path.of(System.getProperty("user.home")), totem.cluster())
                        : directory,
                self);
        ownStore = opened;
        return opened;
    }

    private Mono<DatagramLink> openLink(UdpLoop opened) {
        PeerList listed = peers;
        LinkPlan plan = new LinkPlan(
                self,
                SealHeader.clusterTag(totem.cluster()),
                opened,
                config.carrier,
                local,
                sizes,
                Mono.defer(this::closeStore));
        if (listed != null) {
            UnicastLink link = new UnicastLink(plan, listed);
            closeLink = link.close();
            return link.open().thenReturn(link);
        }
        if (!config.discoveries.isEmpty()) {
            DiscoveredLink link = new DiscoveredLink(plan, config.discoveries, advertised);
            closeLink = link.close();
            return link.open().thenReturn(link);
        }
        MulticastLink link = new MulticastLink(plan, required(config.group, "mcast", "missing"));
        closeLink = link.close();
        return link.open().thenReturn(link);
    }

    private void releaseWithNode(TotemNode node) {
        node.onClose()
                .subscribe(nothing -> {}, cause -> releaseInBackground("stopped"), () -> releaseInBackground("left"));
    }

    private void releaseInBackground(String why) {
        release().subscribe(nothing -> {}, cause -> LOG.warn("node {}: {}, but not in order", self, why, cause));
    }

    private Mono<Void> release() {
        return Mono.defer(() -> {
            if (!released.compareAndSet(false, true)) {
                return Mono.empty();
            }
            UdpLoop started = loop;
            return closeLink
                    .then(Mono.defer(this::closeStore))
                    .then(started == null ? Mono.empty() : started.dispose());
        });
    }

    /** The number is free for the node's next life as soon as its sockets are. */
    private Mono<Void> closeStore() {
        FileRingSequenceStore store = ownStore;
        return store == null ? Mono.empty() : store.close();
    }

    private static <T> T required(@Nullable T value, String setting, String remedy) {
        if (value == null) {
            throw new ConfigurationException(setting, "missing", remedy);
        }
        return value;
    }
}
