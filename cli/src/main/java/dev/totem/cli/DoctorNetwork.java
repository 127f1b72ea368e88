/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.ConfigurationException;
import dev.totem.core.TotemConfig;
import dev.totem.transport.HostAddress;
import dev.totem.transport.Peer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;

/** The checks of an address and its interface. Any thread; they block for a moment. */
final class DoctorNetwork {

    static final String ADDRESS_REMEDY =
            "name with --bind an address, an interface or a network that 'ip address' shows";

    private DoctorNetwork() {}

    static Finding address(HostAddress local) {
        try {
            if (!local.nic().isUp()) {
                return Finding.bad(
                        "address",
                        local + ", which is down",
                        "do: ip link set " + local.nic().getName() + " up");
            }
            return local.nic().isLoopback()
                    ? Finding.warn(
                            "address",
                            local + ", which reaches processes of this host only",
                            "for other hosts name an address of another interface")
                    : Finding.ok("address", local + ", packets of up to " + local.mtu() + " bytes");
        } catch (SocketException unreadable) {
            return Finding.bad("address", local + " cannot be read: " + unreadable.getMessage(), ADDRESS_REMEDY);
        }
    }

    /** Whether a node could be bound there, by the protocol that it would use. */
    static Finding port(InetSocketAddress address, boolean isTcp) {
        String name = (isTcp ? "tcp " : "udp ") + address.getPort();
        try {
            bind(address, isTcp);
            return Finding.ok("port", name + " is free");
        } catch (IOException taken) {
            return Finding.bad(
                    "port",
                    name + " cannot be bound: " + taken.getMessage(),
                    "see with 'ss -" + (isTcp ? "t" : "u") + "lpn' who has it, and end that or name another port");
        }
    }

    private static void bind(InetSocketAddress address, boolean isTcp) throws IOException {
        if (isTcp) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(address);
            }
        } else {
            try (DatagramSocket socket = new DatagramSocket(null)) {
                socket.bind(address);
            }
        }
    }

    /** Whether it is known where the peers are; a node starts without those whose names do not resolve. */
    static Finding peers(List<Peer> peers) {
        List<String> unknown = peers.stream()
                .map(Peer::host)
                .distinct()
                .filter(host -> !resolves(host))
                .toList();
        if (unknown.isEmpty()) {
            return Finding.ok("peers", peers.size() + " listed, all with an address");
        }
        return Finding.bad(
                "peers",
                (unknown.size() == 1 ? "the name " + unknown.get(0) + " does" : "the names " + unknown + " do")
                        + " not resolve",
                "check the names with 'getent hosts', or list addresses");
    }

    private static boolean resolves(String host) {
        try {
            InetAddress.getByName(host);
            return true;
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /** Whether frames as long as is wanted leave as one packet. */
    static Finding datagram(HostAddress local, TotemConfig config) {
        try {
            return Finding.ok("datagram", "frames of up to " + local.frameBytes(config) + " bytes");
        } catch (ConfigurationException wrong) {
            return Finding.bad(
                    "datagram", String.valueOf(wrong.getMessage()), "lower netmtu, or raise the MTU of the interface");
        }
    }

    /** Whether a window of frames fits what the system grants. */
    static Finding buffers(HostAddress local, TotemConfig config) {
        long needed = local.windowBytes(config);
        int granted = local.grantedBytes(config);
        return granted >= needed
                ? Finding.ok("buffers", "the receive buffer holds " + granted + " bytes, a window needs " + needed)
                : Finding.warn(
                        "buffers",
                        "the receive buffer holds " + granted + " bytes, a window needs " + needed,
                        "do: sysctl -w net.core.rmem_max=" + needed + ", or lower window-size or netmtu");
    }
}
