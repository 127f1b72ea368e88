/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.Replication;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramSeal;
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

    /** The first, or only one. */
    Network network = Network.unknown();

    /** Those that stand in for it. */
    List<Network> more = List.of();

    Replication replication = Replication.PASSIVE;

    /** Used while all hear each other by it. */
    @Nullable
    Endpoint auto;

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
        network = other.network;
        more = other.more;
        replication = other.replication;
        auto = other.auto;
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
