/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where nodes are, as one link tells others: of each the length of the address, the address and the port, and zeros up to {@value #BYTES_MIN} bytes ({@code
 * docs/WIRE.md}). Any thread.
 */
final class AddressNotice {

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    /** A seal asks nobody for a proof whose frame is shorter than the question; a stranger must be asked. */
    private static final int BYTES_MIN = 32;

    private AddressNotice() {}

    /**
     * As many as fit, beginning at one of them and going round.
     *
     * @param from the index of the first
     */
    static ByteBuffer encode(List<InetSocketAddress> addresses, int from, int bytesMax) {
        int most = Math.max(BYTES_MIN, addresses.size() * (IPV6_BYTES + 3));
        ByteBuffer notice = ByteBuffer.allocate(Math.min(bytesMax, most));
        for (int i = 0; i < addresses.size(); i++) {
            InetSocketAddress one = addresses.get((from + i) % addresses.size());
            byte[] address = one.getAddress().getAddress();
            if (notice.remaining() < address.length + 3) {
                break;
            }
            notice.put((byte) address.length).put(address).putShort((short) one.getPort());
        }
        while (notice.position() < Math.min(bytesMax, BYTES_MIN)) {
            notice.put((byte) 0);
        }
        return notice.flip();
    }

    /**
     * What a notice holds, up to where it makes no sense.
     *
     * @param nic where addresses that are of one interface are
     */
    static List<InetSocketAddress> decode(ByteBuffer notice, NetworkInterface nic) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        while (notice.hasRemaining()) {
            int length = notice.get();
            boolean isAddress = length == IPV4_BYTES || length == IPV6_BYTES;
            if (!isAddress || notice.remaining() < length + 2) {
                break;
            }
            byte[] bytes = new byte[length];
            notice.get(bytes);
            int port = Short.toUnsignedInt(notice.getShort());
            InetAddress address = address(bytes);
            if (port > 0 && !address.isAnyLocalAddress() && !address.isMulticastAddress()) {
                addresses.add(new InetSocketAddress(Endpoint.scoped(address, nic), port));
            }
        }
        return addresses;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
