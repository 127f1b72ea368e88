/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.TotemConfig;
import dev.totem.core.internal.settings.FlowLimits;
import dev.totem.core.internal.settings.NodeSettings;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;

/**
 * The address that a node would be bound to, and what it would find there: for tools that look at a host before a node does. Immutable,
 * any thread.
 */
public final class HostAddress {

    private final LocalAddress local;

    private HostAddress(LocalAddress local) {
        this.local = local;
    }

    /**
     * What {@link UdpTotem#bind} of the same would mean now. Blocks for a name that must be looked up.
     *
     * @throws ConfigurationException if no interface of this host has such an address at this time
     */
    public static HostAddress find(String host, int port) {
        Endpoint bind = new Endpoint("bind", requireNonNull(host, "host"), port);
        try {
            return new HostAddress(LocalAddress.resolve(bind));
        } catch (AwaitedAddressException notYet) {
            throw bind.refused("this host has no such address now, and the node would wait for one", notYet);
        }
    }

    public InetSocketAddress address() {
        return local.address();
    }

    /** The interface that owns it. */
    public NetworkInterface nic() {
        return local.nic();
    }

    /** The largest IP packet of the interface, bytes. */
    public int mtu() {
        return local.mtu();
    }

    /**
     * The largest frame over UDP, bytes.
     *
     * @throws ConfigurationException if {@code netmtu} is more than the interface carries
     */
    public int frameBytes(TotemConfig config) {
        return local.frameBytesMax(flow(config).netmtu());
    }

    /** What a window of such frames needs of a receive buffer, bytes. */
    public long windowBytes(TotemConfig config) {
        return (long) local.inFrames(flow(config)).windowSize() * frameBytes(config);
    }

    /** What the system grants of it, bytes. Blocks for a moment. */
    public int grantedBytes(TotemConfig config) {
        FlowLimits inFrames = local.inFrames(flow(config));
        return SocketBuffers.grantable(SocketBuffers.wantedBytes(inFrames.windowSize(), frameBytes(config)));
    }

    private static FlowLimits flow(TotemConfig config) {
        return NodeSettings.of(requireNonNull(config, "config")).flow();
    }

    @Override
    public String toString() {
        return Endpoint.text(local.address()) + " on " + local.nic().getName();
    }
}
