/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Replication;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.core.spi.RingSequenceStore;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/**
 * The way to start a node where there is no UDP: the same as {@link UdpTotem} over TCP, one connection a pair of nodes, with
 * the same seal inside. All nodes of a cluster must be started with it. Immutable, any thread: each method returns a new value
 * and leaves this one as it was.
 *
 * <p>A node needs an id, an address to bind, a list of peers or a way to find them, and a seal. It connects to others and is
 * connected to; one of the two is enough for a pair. A frame for everybody is sent once for each peer. A peer that reads too
 * slowly loses what exceeds its queue of two windows, and holds up nobody else; a connection on which nothing is heard for two
 * seconds is ended and made again.
 */
public final class TcpTotem {

    private final UdpTotem start;

    private TcpTotem(UdpTotem start) {
        this.start = start;
    }

    /** Nothing said yet. */
    public static TcpTotem create() {
        return new TcpTotem(UdpTotem.create().carriedBy(Carrier.TCP));
    }

    /**
     * Sets the node's id, as {@link UdpTotem#nodeId}.
     *
     * @throws ConfigurationException if it is not from 1 to 2^31-1
     */
    public TcpTotem nodeId(int id) {
        return new TcpTotem(start.nodeId(id));
    }

    /** Takes the node's id from the name of the host or the address, as {@link UdpTotem#derivedNodeId}. */
    public TcpTotem derivedNodeId() {
        return new TcpTotem(start.derivedNodeId());
    }

    /**
     * Sets the local address where others connect to, and from where this node connects; what {@code host} may be is said at
     * {@link UdpTotem#bind}.
     *
     * @param port 1 to 65,535; with {@link #discover} also 0, which lets the system choose
     * @throws ConfigurationException if it is not in that range
     */
    public TcpTotem bind(String host, int port) {
        return new TcpTotem(start.bind(host, port));
    }

    /**
     * Connects to these; takes the place of discovery. Who is not listed is not heard.
     *
     * @param peers the other nodes; the list may contain the node itself
     */
    public TcpTotem peers(Peer... peers) {
        return new TcpTotem(start.peers(peers));
    }

    /**
     * Connects to those that are found, as {@link UdpTotem#discover}; takes the place of peers.
     *
     * @param discoveries where to look, all of them; at least one
     * @throws ConfigurationException if there is none
     */
    public TcpTotem discover(PeerDiscovery... discoveries) {
        return new TcpTotem(start.discover(discoveries));
    }

    /**
     * Says where others connect to this node, if that is not where it is bound. Only with {@link #discover}.
     *
     * @param host an address, or a name, which is looked up at the start
     * @param port 1 to 65,535
     * @throws ConfigurationException if it is not in that range
     */
    public TcpTotem advertise(String host, int port) {
        return new TcpTotem(start.advertise(host, port));
    }

    /**
     * Adds networks that stand in for the first, as {@link UdpTotem#redundant}; none has a multicast group.
     *
     * @throws ConfigurationException if there are none, or more than three
     */
    public TcpTotem redundant(Replication replication, Network... more) {
        return new TcpTotem(start.redundant(replication, more));
    }

    /** Sets what protects the frames; there is no default. */
    public TcpTotem seal(DatagramSeal seal) {
        return new TcpTotem(start.seal(seal));
    }

    /**
     * Sets some of the {@linkplain dev.totem.core.Settings settings}; calls add up.
     *
     * @throws ConfigurationException if a value cannot work, alone or beside the others
     */
    public TcpTotem config(Consumer<TotemConfig.Builder> change) {
        return new TcpTotem(start.config(change));
    }

    /** Sets all settings; those of earlier calls are forgotten. */
    public TcpTotem config(TotemConfig settings) {
        return new TcpTotem(start.config(settings));
    }

    /** Sets the directory where ring sequence numbers are reserved, as {@link UdpTotem#stateDirectory}. */
    public TcpTotem stateDirectory(Path directory) {
        return new TcpTotem(start.stateDirectory(directory));
    }

    /** Reserves ring sequence numbers elsewhere than in a directory. */
    public TcpTotem ringSequenceStore(RingSequenceStore store) {
        return new TcpTotem(start.ringSequenceStore(store));
    }

    /** Puts something between the node and its link, as {@link UdpTotem#link}. */
    public TcpTotem link(UnaryOperator<DatagramLink> decorator) {
        return new TcpTotem(start.link(decorator));
    }

    /** Is called with the node before its first frame leaves, as {@link UdpTotem#onBound}. */
    public TcpTotem onBound(Consumer<TotemNode> action) {
        requireNonNull(action, "action");
        return new TcpTotem(start.onBound(action));
    }

    /** Whether to use the system's native transport if it loads; default true. */
    public TcpTotem nativeTransport(boolean use) {
        return new TcpTotem(start.nativeTransport(use));
    }

    /** Starts a node; completes, fails and is cancelled as {@link UdpTotem#start}. */
    public Mono<TotemNode> start() {
        return start.start();
    }
}
