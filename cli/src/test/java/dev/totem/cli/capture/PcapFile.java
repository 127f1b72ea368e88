/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes captures for tests. */
final class PcapFile {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ByteOrder order;
    private final boolean isNanos;
    private int count;

    PcapFile(int linkType) {
        this(linkType, ByteOrder.LITTLE_ENDIAN, false);
    }

    PcapFile(int linkType, ByteOrder order, boolean isNanos) {
        this.order = order;
        this.isNanos = isNanos;
        bytes.writeBytes(ByteBuffer.allocate(24)
                .order(order)
                .putInt(isNanos ? 0xA1B23C4D : 0xA1B2C3D4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(262_144)
                .putInt(linkType)
                .array());
    }

    /** A millisecond after the one before. */
    PcapFile add(byte[] packet) {
        return add(packet, packet.length);
    }

    PcapFile add(byte[] packet, int wireBytes) {
        int millis = count++;
        bytes.writeBytes(ByteBuffer.allocate(16)
                .order(order)
                .putInt(1_800_000_000 + millis / 1_000)
                .putInt(millis % 1_000 * (isNanos ? 1_000_000 : 1_000))
                .putInt(packet.length)
                .putInt(wireBytes)
                .array());
        bytes.writeBytes(packet);
        return this;
    }

    PcapFile addRaw(byte[] raw) {
        bytes.writeBytes(raw);
        return this;
    }

    Path write(Path file) throws IOException {
        return Files.write(file, bytes.toByteArray());
    }

    /** A datagram from 10.0.0.1:5405 to 239.192.0.1:5406 in an IPv4 packet. */
    static byte[] ipv4(byte[] payload) {
        return ByteBuffer.allocate(28 + payload.length)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (28 + payload.length))
                .putInt(0x00010000)
                .put((byte) 1)
                .put((byte) 17)
                .putShort((short) 0)
                .put(new byte[] {10, 0, 0, 1, (byte) 239, (byte) 192, 0, 1})
                .putShort((short) 5_405)
                .putShort((short) 5_406)
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
    }

    /** The same from ::1 to ff02::1, with a header of eight bytes before that of UDP. */
    static byte[] ipv6(byte[] payload) {
        byte[] from = new byte[16];
        from[15] = 1;
        byte[] to = new byte[16];
        to[0] = (byte) 0xFF;
        to[1] = 2;
        to[15] = 1;
        return ByteBuffer.allocate(56 + payload.length)
                .putInt(0x60000000)
                .putShort((short) (16 + payload.length))
                .put((byte) 0)
                .put((byte) 1)
                .put(from)
                .put(to)
                .put((byte) 17)
                .put((byte) 0)
                .put(new byte[6])
                .putShort((short) 5_405)
                .putShort((short) 5_406)
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
    }

    static byte[] ethernet(int type, byte[] packet) {
        return behind(ByteBuffer.allocate(14).putShort(12, (short) type).array(), packet);
    }

    static byte[] behind(byte[] header, byte[] packet) {
        return ByteBuffer.allocate(header.length + packet.length)
                .put(header)
                .put(packet)
                .array();
    }
}
