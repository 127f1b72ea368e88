/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import dev.totem.core.internal.settings.FlowLimits;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * The address a node is bound to, and what the interface that owns it can carry. Any thread.
 *
 * @param endpoint as configured
 * @param address where the node's datagrams leave and arrive
 * @param nic the interface that owns the address
 * @param mtu the largest IP packet of that interface, bytes
 */
record LocalAddress(Endpoint endpoint, InetSocketAddress address, NetworkInterface nic, int mtu) {

    /** A frame that counts as one in the limits, bytes: 1,024 of them, the default window, fit a receive buffer of 4 MiB. */
    static final int FRAME_BYTES_COUNTED = 4_094;

    /** The largest frame chosen without being asked, bytes: about what one system call carries (65,507). */
    static final int FRAME_BYTES_CHOSEN = 16 * FRAME_BYTES_COUNTED;

    private static final int IP_BYTES_MAX = 65_535;

    private static final int UDP_HEADER_BYTES = 8;

    private static final int IPV4_HEADER_BYTES = 20;

    private static final int IPV6_HEADER_BYTES = 40;

    /**
     * Finds the address and its interface; blocks for a name that must be looked up.
     *
     * @throws AwaitedAddressException if there may be such an address later
     */
    static LocalAddress resolve(Endpoint bind) {
        return AddressChoice.isOne(bind.host())
                ? of(bind, chosen(bind, Optional.empty()).orElseThrow(() -> new AwaitedAddressException(bind)))
                : of(bind, bind.resolve());
    }

    private static Optional<InetAddress> chosen(Endpoint bind, Optional<InetAddress> present) {
        try {
            return AddressChoice.find(bind.host(), present);
        } catch (IllegalArgumentException wrong) {
            throw bind.refused(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static LocalAddress of(Endpoint bind, InetAddress host) {
        if (host.isMulticastAddress()) {
            throw bind.refused("name the address of one interface of this host");
        }
        try {
            NetworkInterface nic = NetworkInterface.getByInetAddress(host);
            if (nic == null) {
                throw bind.refused("no interface of this host has this address");
            }
            InetAddress scoped = Endpoint.scoped(host, nic);
            return new LocalAddress(bind, new InetSocketAddress(scoped, bind.port()), nic, nic.getMTU());
        } catch (SocketException e) {
            throw bind.refused("the interface cannot be read: " + e.getMessage(), e);
        }
    }

    /** The same for streams, which the system cuts into packets itself: a frame is as long as over loopback. */
    LocalAddress streaming() {
        return new LocalAddress(endpoint, address, nic, IP_BYTES_MAX);
    }

    boolean isIpv6() {
        return address.getAddress() instanceof Inet6Address;
    }

    String familyName() {
        return isIpv6() ? "IPv6" : "IPv4";
    }

    boolean sameFamily(InetAddress other) {
        return other instanceof Inet6Address == isIpv6();
    }

    /** What a packet is longer than its frame. */
    int headerBytes() {
        return (isIpv6() ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) + UDP_HEADER_BYTES;
    }

    /**
     * The largest frame that leaves as one packet, bytes.
     *
     * @param netmtu the setting; 0 chooses
     */
    int frameBytesMax(int netmtu) {
        int headers = headerBytes();
        if (netmtu == 0) {
            return Math.min(mtu - headers, FRAME_BYTES_CHOSEN);
        }
        if (netmtu > mtu) {
            throw new ConfigurationException(
                    "netmtu",
                    String.valueOf(netmtu),
                    "the interface " + nic.getName() + " carries packets of at most " + mtu + " bytes");
        }
        return netmtu - headers;
    }

    /** The limits in the frames of this interface: one that is longer than what counts as one stands for several. */
    FlowLimits inFrames(FlowLimits flow) {
        return flow.dividedBy(Math.max(1, frameBytesMax(flow.netmtu()) / FRAME_BYTES_COUNTED));
    }

    /**
     * The same address as it is now: its interface may have gone and come back under another index, which then is part of
     * the address if it is a link-local one. Another one if an interface or a network was named and has another by now. Empty
     * while no interface has it. Blocks for a moment.
     */
    Optional<LocalAddress> now() {
        try {
            if (AddressChoice.isOne(endpoint.host())) {
                return chosen(endpoint, Optional.of(address.getAddress()))
                        .filter(found -> !found.equals(address.getAddress()))
                        .map(found -> of(endpoint, found).withPort(address.getPort()))
                        .or(this::sameNow);
            }
            return sameNow();
        } catch (ConfigurationException notNow) {
            return Optional.empty();
        }
    }

    private Optional<LocalAddress> sameNow() {
        try {
            NetworkInterface named = NetworkInterface.getByName(nic.getName());
            NetworkInterface found =
                    named != null && hasAddress(named) ? named : NetworkInterface.getByInetAddress(host());
            return found == null ? Optional.empty() : Optional.of(on(found));
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    /** Whether the interface is part of the address, so that sockets and addresses of others end with it. */
    boolean isScoped() {
        return address.getAddress() instanceof Inet6Address v6 && v6.getScopeId() != 0;
    }

    /** The same, bound to the port that the system chose. */
    LocalAddress withPort(int port) {
        return new LocalAddress(endpoint, new InetSocketAddress(address.getAddress(), port), nic, mtu);
    }

    private boolean hasAddress(NetworkInterface candidate) {
        // Equality of addresses knows nothing of scopes.
        return candidate.inetAddresses().anyMatch(address.getAddress()::equals);
    }

    private LocalAddress on(NetworkInterface found) {
        InetAddress scoped = Endpoint.scoped(host(), found);
        return new LocalAddress(endpoint, new InetSocketAddress(scoped, address.getPort()), found, mtu);
    }

    /** The address without its scope. */
    private InetAddress host() {
        return Endpoint.unscoped(address.getAddress());
    }

    /** All addresses of this host, of this family. */
    InetSocketAddress anyAddress(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[isIpv6() ? 16 : 4]), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
