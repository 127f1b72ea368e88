/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.core.spi.RingSequenceStore;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What was said about a node so far. {@link UdpTotem} changes it only between copying and handing it on. */
final class UdpTotemConfig {

    @Nullable
    NodeId self;

    boolean isIdDerived;

    @Nullable
    Endpoint bind;

    @Nullable
    Endpoint group;

    @Nullable
    List<Peer> peers;

    List<PeerDiscovery> discoveries = List.of();

    @Nullable
    Endpoint advertised;

    @Nullable
    DatagramSeal seal;

    @Nullable
    Path stateDirectory;

    @Nullable
    RingSequenceStore store;

    TotemConfig totem = TotemConfig.defaults();
    UnaryOperator<DatagramLink> decorator = link -> link;
    Consumer<TotemNode> onBound = node -> {};
    boolean nativeTransport = true;
    Carrier carrier = Carrier.UDP;

    UdpTotemConfig() {}

    UdpTotemConfig(UdpTotemConfig other) {
        self = other.self;
        isIdDerived = other.isIdDerived;
        bind = other.bind;
        group = other.group;
        peers = other.peers;
        discoveries = other.discoveries;
        advertised = other.advertised;
        seal = other.seal;
        stateDirectory = other.stateDirectory;
        store = other.store;
        totem = other.totem;
        decorator = other.decorator;
        onBound = other.onBound;
        nativeTransport = other.nativeTransport;
        carrier = other.carrier;
    }
}
