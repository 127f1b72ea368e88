/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Finds the UDP datagram in a packet. Any thread; keeps nothing.
 *
 * @param linkType the LINKTYPE_ of libpcap
 * @param order of the host that captured: the family of a loopback packet is in it
 */
record PacketReader(int linkType, ByteOrder order) {

    private static final int NULL = 0;
    private static final int ETHERNET = 1;
    private static final int BSD_RAW = 12;
    private static final int OPENBSD_RAW = 14;
    private static final int RAW = 101;
    private static final int LOOP = 108;
    private static final int LINUX_SLL = 113;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int LINUX_SLL2 = 276;

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86DD;
    private static final int TYPE_ARP = 0x0806;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_QINQ = 0x88A8;

    private static final int ETHERNET_ADDRESSES = 12;
    private static final int VLAN_TAG_REST = 2;
    private static final int SLL_BEFORE_TYPE = 14;
    private static final int SLL2_BEFORE_REST = 18;

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION = 60;

    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int UDP_BYTES = 8;
    private static final int SHORT = 0xFFFF;

    /** Of a packet of this length or a longer one. */
    private record Network(String from, String to, int protocol, ByteBuffer payload, boolean isWhole) {}

    /** Whether packets of this link type can be read. */
    boolean isKnown() {
        return switch (linkType) {
            case NULL, ETHERNET, BSD_RAW, OPENBSD_RAW, RAW, LOOP, LINUX_SLL, IPV4, IPV6, LINUX_SLL2 -> true;
            default -> false;
        };
    }

    /**
     * Reads a packet.
     *
     * @param wireBytes how long it was, which may be more than was captured
     */
    Datagram read(ByteBuffer packet, long wireBytes) {
        try {
            return datagram(packet.duplicate().order(ByteOrder.BIG_ENDIAN));
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException ended) {
            return new Datagram.Unreadable(
                    packet.remaining() < wireBytes
                            ? cut(packet.remaining(), wireBytes)
                            : "the packet of " + packet.remaining() + " bytes ends in a header");
        }
    }

    private Datagram datagram(ByteBuffer in) {
        int type = switch (linkType) {
            case NULL -> family(in.order(order).getInt());
            case LOOP -> family(in.getInt());
            case ETHERNET -> ethernet(in);
            case LINUX_SLL -> typeAfter(in, SLL_BEFORE_TYPE);
            case LINUX_SLL2 -> sll2(in);
            default -> in.get(in.position()) >> 4 == 6 ? TYPE_IPV6 : TYPE_IPV4;
        };
        in.order(ByteOrder.BIG_ENDIAN);
        return switch (type) {
            case TYPE_IPV4 -> ipv4(in);
            case TYPE_IPV6 -> ipv6(in);
            case TYPE_ARP -> new Datagram.Other("ARP");
            default -> new Datagram.Other(String.format(Locale.ROOT, "type 0x%04x", type));
        };
    }

    private static int family(int family) {
        return switch (family) {
            case 2 -> TYPE_IPV4;
            // BSDs and macOS do not agree.
            case 10, 24, 28, 30 -> TYPE_IPV6;
            default -> 0;
        };
    }

    private static int ethernet(ByteBuffer in) {
        int type = typeAfter(in, ETHERNET_ADDRESSES);
        while (type == TYPE_VLAN || type == TYPE_QINQ) {
            type = typeAfter(in, VLAN_TAG_REST);
        }
        return type;
    }

    private static int typeAfter(ByteBuffer in, int bytes) {
        in.position(in.position() + bytes);
        return in.getShort() & SHORT;
    }

    private static int sll2(ByteBuffer in) {
        int type = in.getShort() & SHORT;
        in.position(in.position() + SLL2_BEFORE_REST);
        return type;
    }

    private static Datagram ipv4(ByteBuffer in) {
        int at = in.position();
        int first = in.get(at);
        int headerBytes = (first & 0xF) * Integer.BYTES;
        if ((first >> 4 & 0xF) != 4 || headerBytes < IPV4_BYTES) {
            return new Datagram.Unreadable("no IP packet: its first byte is " + hex(first));
        }
        int said = in.getShort(at + 2) & SHORT;
        int fragment = in.getShort(at + 6) & SHORT;
        int protocol = in.get(at + 9) & 0xFF;
        String from = address(in, at + 12, 4);
        String to = address(in, at + 16, 4);
        // Zero where the network card cuts what the host sends.
        int total = said == 0 ? in.remaining() : said;
        if (total < headerBytes) {
            return new Datagram.Unreadable("an IP packet that says it has " + total + " bytes");
        }
        if ((fragment & 0x3FFF) != 0) {
            return fragment(from, to, (fragment & 0x1FFF) * 8);
        }
        boolean isWhole = total <= in.remaining();
        in.limit(at + Math.min(total, in.remaining())).position(at + headerBytes);
        return transport(new Network(from, to, protocol, in, isWhole), total - headerBytes);
    }

    private static Datagram ipv6(ByteBuffer in) {
        int at = in.position();
        if ((in.get(at) >> 4 & 0xF) != 6) {
            return new Datagram.Unreadable("no IPv6 packet: its first byte is " + hex(in.get(at)));
        }
        int said = in.getShort(at + 4) & SHORT;
        int next = in.get(at + 6) & 0xFF;
        String from = "[" + address(in, at + 8, 16) + "]";
        String to = "[" + address(in, at + 24, 16) + "]";
        in.position(at + IPV6_BYTES);
        int total = said == 0 ? in.remaining() : said;
        boolean isWhole = total <= in.remaining();
        in.limit(in.position() + Math.min(total, in.remaining()));
        int begin = in.position();
        while (next == HOP_BY_HOP || next == ROUTING || next == DESTINATION || next == FRAGMENT) {
            int header = in.position();
            int following = in.get(header) & 0xFF;
            if (next == FRAGMENT) {
                int offset = in.getShort(header + 2) & SHORT;
                if ((offset & 0xFFF9) != 0) {
                    return fragment(from, to, offset & 0xFFF8);
                }
                in.position(header + 8);
            } else {
                in.position(header + 8 + (in.get(header + 1) & 0xFF) * 8);
            }
            next = following;
        }
        return transport(new Network(from, to, next, in, isWhole), total - (in.position() - begin));
    }

    private static Datagram fragment(String from, String to, int offset) {
        return new Datagram.Unreadable("a fragment (from byte " + offset + ") of an IP packet from " + from + " to "
                + to + ": fragments are not put together; lower netmtu to what the path carries");
    }

    /** @param bytes how long the payload of the network says that it is */
    private static Datagram transport(Network packet, int bytes) {
        if (packet.protocol != UDP) {
            return new Datagram.Other(
                    switch (packet.protocol) {
                        case TCP -> "TCP";
                        case ICMP, ICMPV6 -> "ICMP";
                        default -> "IP protocol " + packet.protocol;
                    });
        }
        ByteBuffer in = packet.payload;
        int at = in.position();
        int fromPort = in.getShort() & SHORT;
        int toPort = in.getShort() & SHORT;
        int said = in.getShort() & SHORT;
        in.getShort();
        int length = said == 0 ? bytes : said;
        String from = packet.from + ":" + fromPort;
        String to = packet.to + ":" + toPort;
        if (length < UDP_BYTES || length > bytes) {
            return new Datagram.Unreadable("a datagram from " + from + " to " + to + " that says it has " + length
                    + " bytes in an IP packet with " + bytes);
        }
        if (!packet.isWhole && at + length > in.limit()) {
            return new Datagram.Unreadable(
                    "a datagram from " + from + " to " + to + ": " + cut(in.limit() - at, length));
        }
        return new Datagram.Udp(from, to, in.slice(at + UDP_BYTES, length - UDP_BYTES));
    }

    private static String cut(long captured, long wire) {
        return "only " + captured + " of " + wire + " bytes were captured: capture whole packets (tcpdump -s 0)";
    }

    private static String hex(int value) {
        return String.format(Locale.ROOT, "0x%02x", value & 0xFF);
    }

    private static String address(ByteBuffer in, int at, int bytes) {
        byte[] address = new byte[bytes];
        if (at + bytes > in.limit()) {
            throw new BufferUnderflowException();
        }
        in.get(at, address);
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("4 or 16 bytes are an address", impossible);
        }
    }
}
