/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A capture file in the classic format of libpcap, in either byte order, with micro- or nanoseconds. One thread.
 *
 * <p>Its layout: <a href="https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html">draft-ietf-opsawg-pcap</a>.
 */
final class Capture implements AutoCloseable {

    private static final int MICROS = 0xA1B2C3D4;
    private static final int NANOS = 0xA1B23C4D;
    private static final int PCAPNG = 0x0A0D0D0A;
    private static final int HEADER_BYTES = 24;
    private static final int LINK_TYPE_AT = 20;
    private static final int LINK_TYPE_MASK = 0xFFFF;
    private static final int RECORD_HEADER_BYTES = 16;

    /** Tools write no more of a packet than this. */
    private static final int PACKET_BYTES_MAX = 262_144;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long MICRO_NANOS = 1_000L;

    private final InputStream in;
    private final ByteOrder order;
    private final long fractionNanos;
    private final int linkType;
    private long number;
    private String end = "";

    /**
     * A packet.
     *
     * @param number from 1
     * @param nanos since 1970
     * @param bytes what was captured, big-endian
     * @param wireBytes how long it was
     */
    record Packet(long number, long nanos, ByteBuffer bytes, long wireBytes) {}

    private Capture(InputStream in, ByteOrder order, long fractionNanos, int linkType) {
        this.in = in;
        this.order = order;
        this.fractionNanos = fractionNanos;
        this.linkType = linkType;
    }

    /** @throws IOException one line: the file cannot be read, or is no such capture */
    static Capture open(Path file) throws IOException {
        InputStream in;
        try {
            in = new BufferedInputStream(Files.newInputStream(file));
        } catch (NoSuchFileException missing) {
            throw new IOException(file + ": no such file", missing);
        }
        try {
            return open(file, in);
        } catch (IOException | RuntimeException | Error wrong) {
            in.close();
            throw wrong;
        }
    }

    private static Capture open(Path file, InputStream in) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER_BYTES));
        if (header.remaining() < HEADER_BYTES) {
            throw new IOException(file + ": too short to be a capture; write one with: tcpdump -w FILE");
        }
        int magic = header.getInt(0);
        if (magic == PCAPNG) {
            throw new IOException(file + ": this is pcapng; make a classic capture of it with: editcap -F pcap " + file
                    + " FILE, or write one with: tcpdump -w FILE");
        }
        int swapped = Integer.reverseBytes(magic);
        if (magic != MICROS && magic != NANOS && swapped != MICROS && swapped != NANOS) {
            throw new IOException(file + ": not a capture of libpcap; write one with: tcpdump -w FILE");
        }
        boolean isBig = magic == MICROS || magic == NANOS;
        header.order(isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        boolean isNanos = magic == NANOS || swapped == NANOS;
        return new Capture(in, header.order(), isNanos ? 1 : MICRO_NANOS, header.getInt(LINK_TYPE_AT) & LINK_TYPE_MASK);
    }

    /** The LINKTYPE_ of libpcap. */
    int linkType() {
        return linkType;
    }

    /** The byte order of the host that wrote it. */
    ByteOrder order() {
        return order;
    }

    /** The next packet; none at the end, and where the file goes no further: see {@link #end}. */
    Optional<Packet> next() throws IOException {
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(RECORD_HEADER_BYTES)).order(order);
        if (!header.hasRemaining()) {
            return Optional.empty();
        }
        number++;
        if (header.remaining() < RECORD_HEADER_BYTES) {
            return ended("the file ends in the head of packet " + number);
        }
        long seconds = Integer.toUnsignedLong(header.getInt());
        long fraction = Integer.toUnsignedLong(header.getInt());
        long captured = Integer.toUnsignedLong(header.getInt());
        long wire = Integer.toUnsignedLong(header.getInt());
        if (captured > PACKET_BYTES_MAX) {
            return ended(
                    "packet " + number + " says that it has " + captured + " bytes: the file is damaged from here on");
        }
        byte[] bytes = new byte[(int) captured];
        try {
            readFully(bytes);
        } catch (EOFException cut) {
            return ended("the file ends in packet " + number);
        }
        long nanos = seconds * SECOND_NANOS + fraction * fractionNanos;
        return Optional.of(new Packet(number, nanos, ByteBuffer.wrap(bytes), wire));
    }

    /** Why there are no more packets, if not because all were read; else empty. */
    String end() {
        return end;
    }

    private Optional<Packet> ended(String why) {
        end = why;
        return Optional.empty();
    }

    private void readFully(byte[] bytes) throws IOException {
        if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
            throw new EOFException();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
