/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.link.PathSizes;
import dev.totem.core.internal.link.ProbedLink;
import dev.totem.core.internal.link.RedundantLink;
import dev.totem.core.internal.link.Spread;
import dev.totem.core.internal.node.RunningNode;
import dev.totem.core.internal.node.environment.LastWords;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.settings.FlowLimits;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.RingSequenceStore;
import dev.totem.core.spi.SealHeader;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One start of a node: checks everything, opens storage, loop and sockets in this order, and gives them back in the other
 * order when the node ends or does not come to be.
 */
final class UdpStart {

    private static final Logger LOG = LoggerFactory.getLogger(UdpStart.class);

    private final UdpTotemConfig config;
    private final NodeId self;
    private final DatagramSeal seal;
    private final NodeSettings totem;
    private final List<NetworkStart> networks;
    private final FlowLimits wanted;
    private final AtomicBoolean released = new AtomicBoolean();
    private @Nullable FileRingSequenceStore ownStore;
    private LastWords lastWords = LastWords.UNKEPT;
    private @Nullable UdpLoop loop;
    private Mono<Void> closeLink = Mono.empty();

    private UdpStart(UdpTotemConfig config) {
        this.config = config;
        this.seal = required(
                config.seal,
                "seal",
                "say what protects the datagrams with seal(…), for example a seal from a key file");
        this.networks = Stream.concat(Stream.of(config.network), others(config))
                .map(network -> new NetworkStart(network, config.carrier))
                .toList();
        this.self = required(
                config.isIdDerived ? derivedId() : config.self,
                "id",
                "set the node's id with nodeId(…), from 1 to " + Integer.MAX_VALUE);
        networks.forEach(network -> network.check(self));
        NodeSettings settings = NodeSettings.of(config.totem);
        int netmtu = settings.flow().netmtu();
        LocalAddress least = networks.stream()
                .map(NetworkStart::local)
                .min(Comparator.comparingInt(local -> local.frameBytesMax(netmtu)))
                .orElseThrow();
        this.wanted = least.inFrames(settings.flow());
        boolean isStream = config.carrier == Carrier.TCP;
        this.totem =
                settings.withFlow(isStream ? wanted : SocketBuffers.fit(wanted, least.frameBytesMax(wanted.netmtu())));
    }

    /** The networks beside the first. */
    private static Stream<Network> others(UdpTotemConfig config) {
        Endpoint group = config.auto;
        if (group == null) {
            return config.more.stream();
        }
        if (!config.more.isEmpty()) {
            throw group.refused(
                    "a group that is used while all hear it does not go with several networks: use one of them");
        }
        Endpoint bind = config.network.bind;
        if (bind == null || (config.network.peers == null && config.network.discoveries.isEmpty())) {
            throw group.refused("say how the others are reached one by one: peers(…) or discover(…)");
        }
        return Stream.of(Network.bound(bind.host(), 0).multicast(group.host(), group.port()));
    }

    private NodeId derivedId() {
        String host = HostName.get();
        if (HostName.isNumbered(host)) {
            return NodeId.fromHostname(host);
        }
        InetSocketAddress reached = networks.get(0).reached();
        if (reached.getPort() == 0) {
            throw new ConfigurationException(
                    "id", "auto", "an id that is derived from an address needs its port: bind one from 1 to 65535");
        }
        return NodeId.fromAddress(reached);
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
        return openLink(opened, random)
                .flatMap(link -> Linkage.defer(() -> {
                    NodeEnvironment environment = new NodeEnvironment(
                                    config.decorator.apply(link),
                                    new EventLoopScheduler(opened.eventLoop()),
                                    seal,
                                    store,
                                    random)
                            .withLastWords(lastWords);
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
        Path used = directory == null
                ? StateDirectory.of(Path.of(System.getProperty("user.home")), totem.cluster())
                : directory;
        FileRingSequenceStore opened = FileRingSequenceStore.open(used, self);
        ownStore = opened;
        lastWords = new BlackBoxFile(used, self);
        return opened;
    }

    private Mono<DatagramLink> openLink(UdpLoop opened, SplittableRandom random) {
        Mono<Void> afterAll = Mono.defer(this::closeStore);
        boolean isOne = networks.size() == 1;
        List<NetworkStart.Opening> openings = networks.stream()
                .map(network -> network.link(plan(network, opened, isOne ? afterAll : Mono.empty())))
                .toList();
        int mostBytes = openings.stream()
                .mapToInt(opening -> opening.link().frameBytesMax())
                .min()
                .orElseThrow();
        List<DatagramLink> links = new ArrayList<>();
        for (int network = 0; network < openings.size(); network++) {
            PathSizes sizes = config.carrier == Carrier.TCP
                    ? PathSizes.fixed(mostBytes)
                    : PathSizes.of(mostBytes, networks.get(network).local().headerBytes());
            links.add(probed(openings.get(network).link(), sizes, opened, random));
        }
        closeLink = Flux.fromIterable(links)
                .concatMapDelayError(DatagramLink::close)
                .then();
        Mono<Void> allOpen = Flux.fromIterable(openings)
                .concatMap(NetworkStart.Opening::open)
                .then();
        return allOpen.then(Mono.fromCallable(() -> isOne ? links.get(0) : redundant(links, opened, random)));
    }

    private DatagramLink probed(DatagramLink link, PathSizes sizes, UdpLoop opened, SplittableRandom random) {
        return new ProbedLink(
                link,
                new ProbedLink.Parts(
                        self,
                        new EventLoopScheduler(opened.eventLoop()),
                        sizes,
                        totem.timing().token().toNanos(),
                        random.nextLong(),
                        new PathLog(new LinkLog(self))));
    }

    private LinkPlan plan(NetworkStart network, UdpLoop opened, Mono<Void> afterClose) {
        LinkSizes sizes = LinkSizes.of(network.local(), wanted, totem.flow(), network.copies());
        return new LinkPlan(
                self,
                SealHeader.clusterTag(totem.cluster()),
                opened,
                config.carrier,
                network.local(),
                sizes,
                afterClose);
    }

    private DatagramLink redundant(List<DatagramLink> links, UdpLoop opened, SplittableRandom random) {
        LinkLog log = new LinkLog(self);
        Endpoint group = config.auto;
        RedundantLink.Parts parts = new RedundantLink.Parts(
                self,
                group == null ? Spread.of(config.replication) : Spread.GROUP,
                new EventLoopScheduler(opened.eventLoop()),
                group == null ? new NetworkLog(log) : new GroupLog(log, group),
                random.nextLong(),
                new SecureRandom().nextLong(),
                Mono.defer(this::closeStore));
        return new RedundantLink(links, parts);
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
