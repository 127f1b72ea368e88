/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which address of this host is meant by an interface ({@code eth1}), a part of the network ({@code 10.0.0.0/8}) or any
 * ({@code 0.0.0.0}, {@code ::} or {@code *}). Looked at again, the answer may be another one. Blocks for a moment; any thread.
 */
final class AddressChoice {

    private static final Pattern NETWORK = Pattern.compile("([0-9A-Fa-f:.]+)/([0-9]{1,3})");

    /** As Linux has it, without dots, which would make it a name. */
    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,14}");

    /** Nobody's, but routed like everybody's. */
    private static final List<String> FAR = List.of("192.0.2.1", "2001:db8::1");

    private AddressChoice() {}

    /** Whether this is one of these and not an address or the name of a host. */
    static boolean isOne(String text) {
        return isAny(text) || NETWORK.matcher(text).matches() || (isInterfaceName(text) && !isHost(text));
    }

    /**
     * The address that is meant at this time, the present one if it still is; empty while there is none. A node that is known
     * by an address of one family is not found by one of the other.
     *
     * @param present what was found before
     * @throws IllegalArgumentException if it cannot be meant, with the reason
     */
    static Optional<InetAddress> find(String text, Optional<InetAddress> present) {
        List<InetAddress> candidates = candidates(text);
        Optional<InetAddress> kept =
                present.filter(before -> candidates.stream().anyMatch(before::equals));
        return kept.isPresent()
                ? kept
                : candidates.stream()
                        .filter(found -> present.isEmpty()
                                || present.get() instanceof Inet4Address == found instanceof Inet4Address)
                        .findFirst();
    }

    private static List<InetAddress> candidates(String text) {
        if (isAny(text)) {
            return any(text);
        }
        Matcher network = NETWORK.matcher(text);
        if (network.matches()) {
            byte[] prefix = address(network.group(1));
            int bits = Integer.parseInt(network.group(2));
            if (bits > prefix.length * Byte.SIZE) {
                throw new IllegalArgumentException("a prefix has at most " + prefix.length * Byte.SIZE + " bits");
            }
            return own().stream()
                    .filter(address -> isIn(address.getAddress(), prefix, bits))
                    .toList();
        }
        try {
            NetworkInterface nic = NetworkInterface.getByName(text);
            // An interface has a link-local address before it has the one that is meant, and after.
            return nic == null
                    ? List.of()
                    : nic.inetAddresses()
                            .filter(address -> !address.isLinkLocalAddress())
                            .sorted(bestFirst())
                            .toList();
        } catch (SocketException unreadable) {
            return List.of();
        }
    }

    /** By which this host reaches others, or else its only one. */
    private static List<InetAddress> any(String text) {
        List<InetAddress> own = own().stream()
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .filter(address -> !text.equals("0.0.0.0") || address instanceof Inet4Address)
                .filter(address -> !text.equals("::") || !(address instanceof Inet4Address))
                .toList();
        for (String far : FAR) {
            // Nothing is sent: a socket that is connected has the address that the route gives it.
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(new InetSocketAddress(far, 9));
                if (own.contains(socket.getLocalAddress())) {
                    return List.of(socket.getLocalAddress());
                }
            } catch (SocketException | RuntimeException noRoute) {
                // Then by the other family, or there is but one address.
            }
        }
        if (own.size() > 1) {
            throw new IllegalArgumentException("this host has several addresses and no default route: name one of "
                    + own.stream().map(InetAddress::getHostAddress).toList());
        }
        return own;
    }

    private static List<InetAddress> own() {
        try {
            List<InetAddress> addresses = new ArrayList<>();
            for (NetworkInterface nic : NetworkInterface.networkInterfaces().toList()) {
                nic.inetAddresses().forEach(addresses::add);
            }
            addresses.sort(bestFirst());
            return addresses;
        } catch (SocketException unreadable) {
            return List.of();
        }
    }

    /** IPv4 before IPv6, and what is routed before what is not. */
    private static Comparator<InetAddress> bestFirst() {
        return Comparator.<InetAddress, Boolean>comparing(InetAddress::isLinkLocalAddress)
                .thenComparing(address -> !(address instanceof Inet4Address))
                .thenComparing(InetAddress::getHostAddress);
    }

    private static boolean isIn(byte[] address, byte[] prefix, int bits) {
        if (address.length != prefix.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >>> bit % Byte.SIZE;
            if (((address[bit / Byte.SIZE] ^ prefix[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException wrong) {
            throw new IllegalArgumentException("is not ADDRESS/BITS", wrong);
        }
    }

    private static boolean isAny(String text) {
        return text.equals("*") || text.equals("0.0.0.0") || text.equals("::");
    }

    private static boolean isInterfaceName(String text) {
        return INTERFACE.matcher(text).matches()
                && !text.toLowerCase(Locale.ROOT).equals("localhost");
    }

    private static boolean isHost(String text) {
        try {
            if (NetworkInterface.getByName(text) != null) {
                return false;
            }
            return InetAddress.getByName(text) != null;
        } catch (UnknownHostException | SocketException unknown) {
            return false;
        }
    }
}
