/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.Replication;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.link.RedundantLink;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.core.spi.RingSequenceStore;
import dev.totem.core.spi.SideThread;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The way to start a node on UDP. Immutable, any thread: each method returns a new value and leaves this one as it was.
 *
 * <p>A node needs an id, an address to bind, a route to the others (a multicast group, a list of peers, or a way to find them) and a seal.
 * Nothing happens before {@link #start()} is subscribed.
 */
public final class UdpTotem {

    private final UdpTotemConfig config;

    private UdpTotem(UdpTotemConfig config) {
        this.config = config;
    }

    /** Nothing said yet. */
    public static UdpTotem create() {
        return new UdpTotem(new UdpTotemConfig());
    }

    /**
     * Sets the node's id, unique in the cluster, from 1 to 2^31-1.
     *
     * @throws ConfigurationException if it is not in that range
     */
    public UdpTotem nodeId(int id) {
        NodeId self = NodeId.of(id);
        return with(changed -> {
            changed.self = self;
            changed.isIdDerived = false;
        });
    }

    /**
     * Takes the node's id from the name of the host if that ends with a number, as in a StatefulSet ({@link
     * NodeId#fromHostname}), else from the address where others reach it ({@link NodeId#fromAddress}).
     */
    public UdpTotem derivedNodeId() {
        return with(changed -> {
            changed.self = null;
            changed.isIdDerived = true;
        });
    }

    /**
     * Sets the local address where all datagrams leave and arrive.
     *
     * @param host an address of this host or a name for one; or an interface ({@code eth1}), a network that this host has an
     *     address in ({@code 10.0.0.0/8}), or {@code 0.0.0.0}, {@code ::} or {@code *} for the address by which it reaches
     *     others. A start waits for an interface or a network that is not there yet. With {@link #discover} a node follows
     *     when another address is meant later on
     * @param port 1 to 65,535; with multicast also 0, which lets the system choose
     * @throws ConfigurationException if it is not in that range
     */
    public UdpTotem bind(String host, int port) {
        return with(changed -> changed.network = config.network.bind(host, port));
    }

    /**
     * Reaches the others by a multicast group, on the interface that owns the bound address; takes the place of peers and of
     * discovery.
     *
     * @param group an IPv4 or IPv6 multicast address, as {@link #bind} is IPv4 or IPv6
     * @param port 1 to 65,535, the same for all nodes of the group
     * @throws ConfigurationException if the port is not in that range
     */
    public UdpTotem multicast(String group, int port) {
        return with(changed -> changed.network = config.network.multicast(group, port));
    }

    /**
     * Reaches the others one by one; takes the place of a multicast group and of discovery. Who is not listed is not heard.
     *
     * @param peers the other nodes; the list may contain the node itself
     */
    public UdpTotem peers(Peer... peers) {
        return with(changed -> changed.network = config.network.peers(peers));
    }

    /**
     * Reaches the others one by one, wherever they are found; takes the place of a multicast group and of peers. Everybody
     * whose frames are authentic is heard, whatever his id and his address, also after he has moved. Members tell each other
     * where members are: one of them that is found is enough.
     *
     * @param discoveries where to look, all of them; at least one
     * @throws ConfigurationException if there is none
     */
    public UdpTotem discover(PeerDiscovery... discoveries) {
        return with(changed -> changed.network = config.network.discover(discoveries));
    }

    /**
     * Says where others reach this node, if that is not where it is bound: behind address translation, or where a port of
     * the host leads into a container. Only with {@link #discover}.
     *
     * @param host an address, or a name, which is looked up at the start
     * @param port 1 to 65,535
     * @throws ConfigurationException if it is not in that range
     */
    public UdpTotem advertise(String host, int port) {
        return with(changed -> changed.network = config.network.advertise(host, port));
    }

    /**
     * Adds networks that stand in for the first: when one of them does not work any more, nobody is lost and no configuration
     * changes, and it is used again when it works. All nodes of a cluster need the same networks in the same order, and the same
     * replication. Calls take the place of each other.
     *
     * @param more one to three; each with a way to the others of its own
     * @throws ConfigurationException if there are none, or more
     */
    public UdpTotem redundant(Replication replication, Network... more) {
        requireNonNull(replication, "replication");
        requireNonNull(more, "more");
        for (Network network : more) {
            requireNonNull(network, "more");
        }
        if (more.length == 0 || more.length >= RedundantLink.NETWORKS_MAX) {
            throw new ConfigurationException(
                    "link",
                    String.valueOf(1 + more.length),
                    "a node has up to " + RedundantLink.NETWORKS_MAX + " networks: name one to "
                            + (RedundantLink.NETWORKS_MAX - 1) + " beside the first");
        }
        return with(changed -> {
            changed.more = List.of(more);
            changed.replication = replication;
        });
    }

    /**
     * Sends to all at once, by a multicast group, as long as all members hear each other by it, and one by one otherwise. It
     * begins one by one; after members have heard each other by the group for half a second it is used, and no more a moment after a
     * member is not heard by it, in one direction or both. Nothing is lost by that and no configuration changes. Beside {@link #peers}
     * or {@link #discover}, and not beside {@link #redundant}; all nodes of a cluster need the same.
     *
     * @param group as for {@link #multicast}
     * @param port 1 to 65,535, the same for all nodes of the group, and another than that of {@link #bind}
     * @throws ConfigurationException if the port is not in that range
     */
    public UdpTotem auto(String group, int port) {
        requireNonNull(group, "group");
        Endpoint endpoint = new Endpoint("auto", group, port);
        return with(changed -> changed.auto = endpoint);
    }

    /** Sets what protects the datagrams; there is no default. */
    public UdpTotem seal(DatagramSeal seal) {
        requireNonNull(seal, "seal");
        return with(changed -> changed.seal = seal);
    }

    /**
     * Sets some of the {@linkplain dev.totem.core.Settings settings}; calls add up.
     *
     * @throws dev.totem.core.ConfigurationException if a value cannot work, alone or beside the others
     */
    public UdpTotem config(Consumer<TotemConfig.Builder> change) {
        requireNonNull(change, "change");
        TotemConfig.Builder builder = config.totem.toBuilder();
        change.accept(builder);
        return config(builder.build());
    }

    /** Sets all settings; those of earlier calls are forgotten. */
    public UdpTotem config(TotemConfig settings) {
        requireNonNull(settings, "settings");
        return with(changed -> changed.totem = settings);
    }

    /**
     * Sets the directory where ring sequence numbers are reserved; made if need be. Default: {@code
     * .local/state/totem/<cluster>} in the user's home. Nodes with different ids can share one.
     */
    public UdpTotem stateDirectory(Path directory) {
        requireNonNull(directory, "directory");
        return with(changed -> changed.stateDirectory = directory);
    }

    /** Reserves ring sequence numbers elsewhere than in a directory. */
    public UdpTotem ringSequenceStore(RingSequenceStore store) {
        requireNonNull(store, "store");
        return with(changed -> changed.store = store);
    }

    /**
     * Puts something between the node and its link, to observe or to disturb; the last call is next to the node. Runs once
     * a start; what it returns is used on the node's loop.
     */
    public UdpTotem link(UnaryOperator<DatagramLink> decorator) {
        requireNonNull(decorator, "decorator");
        UnaryOperator<DatagramLink> inner = config.decorator;
        return with(changed -> changed.decorator = link -> {
            DatagramLink decorated = decorator.apply(inner.apply(link));
            if (decorated == null) {
                throw new ConfigurationException("link", "null", "the decorator returned no link");
            }
            return decorated;
        });
    }

    /**
     * Is called with the node before its first datagram leaves: the place to open handles that must see the very first
     * configuration. Runs on the node's loop and must not block. Calls add up.
     */
    public UdpTotem onBound(Consumer<TotemNode> action) {
        requireNonNull(action, "action");
        return with(changed -> changed.onBound = config.onBound.andThen(action));
    }

    /** Whether to use the system's native transport if it loads; default true. Without it everything is slower. */
    public UdpTotem nativeTransport(boolean use) {
        return with(changed -> changed.nativeTransport = use);
    }

    /**
     * Starts a node.
     *
     * <p>Completes with the node when its sockets are bound and it runs; it need not have met others by then. Fails with
     * {@link ConfigurationException}, before anything was sent, if a setting is missing or cannot work, or if
     * the class path holds a Netty that is too old or other libraries that do not fit.
     * Cold: each subscription starts a node. Cancelling before completion stops what was started; after, {@link
     * TotemNode#leave()} stops the node. Signals on any thread.
     */
    public Mono<TotemNode> start() {
        UdpTotemConfig fixed = new UdpTotemConfig(config);
        // Versions first: the classes of the next step may not even load with another Netty.
        return Starting.of(isWanted -> Awaiting.of(
                Linkage.defer(() -> {
                            NettyVersions.check();
                            return UdpStart.of(fixed, isWanted);
                        })
                        .subscribeOn(Schedulers.fromExecutor(new SideThread("totem-start"))),
                isWanted));
    }

    /** The same over something else. */
    UdpTotem carriedBy(Carrier carrier) {
        return with(changed -> changed.carrier = carrier);
    }

    private UdpTotem with(Consumer<UdpTotemConfig> change) {
        UdpTotemConfig changed = new UdpTotemConfig(config);
        change.accept(changed);
        return new UdpTotem(changed);
    }
}
