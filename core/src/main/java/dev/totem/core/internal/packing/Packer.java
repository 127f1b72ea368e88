/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import dev.totem.core.Guarantee;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The messages a node has yet to originate, first in, first out, packed as the token visit asks for them
 * ({@code PROTOCOL.md} 6). Node loop only.
 *
 * <p>A packet, big-endian:
 *
 * <pre>
 *  u8   flags       1: the first piece continues a message; 2: the last piece is continued;
 *                   4 and 8: a number of two bits, how many bytes of padding end the packet (0 to 2); others 0
 *  u64  number      the message that the first piece belongs to; the following pieces have the following numbers
 *  u32  offset      only if the first piece continues: how many bytes of its message came in earlier packets
 *  then to the padding, one or more times:
 *  u16  length      of the piece; not 0 if it continues or is continued
 *       bytes
 * </pre>
 *
 * <p>Numbers count the messages of one life of a node from 1. All pieces of a packet have one {@link Guarantee}, so the
 * packet ends where it changes. A packet is filled to the brim while messages wait; where one or two bytes are left, too
 * few for a piece, they are padding, so that the frames of one token visit are of one size.
 *
 * <p>The queue holds references: its memory is that of the sends under way.
 *
 * @param <A> what the owner attaches to a message
 */
public final class Packer<A> implements PacketSource {

    /** The smallest packet that is worth its header. */
    public static final int PACKET_BYTES_MIN = 64;

    /** The largest: piece lengths have 16 bits. */
    public static final int PACKET_BYTES_MAX = 65_535;

    private final IntSupplier packetBytesMax;
    private final Deque<OutgoingMessage<A>> inFlight = new ArrayDeque<>();

    private @Nullable OutgoingMessage<A> head;
    private @Nullable OutgoingMessage<A> tail;
    private long waitingBytes;
    private long nextNumber = 1;

    /** Packets of one size at most. */
    public Packer(int packetBytesMax) {
        this(() -> packetBytesMax);
        packetBytes();
    }

    /** @param packetBytesMax the size of the next packet at most, asked for each time; from 64 to 65,535 */
    public Packer(IntSupplier packetBytesMax) {
        this.packetBytesMax = packetBytesMax;
    }

    private int packetBytes() {
        int bytes = packetBytesMax.getAsInt();
        if (bytes < PACKET_BYTES_MIN || bytes > PACKET_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a packet has " + PACKET_BYTES_MIN + " to " + PACKET_BYTES_MAX + " bytes, not " + bytes);
        }
        return bytes;
    }

    /** Puts a message last in the queue. */
    public void add(OutgoingMessage<A> message) {
        message.enqueued();
        message.previous = tail;
        if (tail == null) {
            head = message;
        } else {
            tail.next = message;
        }
        tail = message;
        waitingBytes += PacketFormat.LENGTH_BYTES + message.sizeBytes();
    }

    /** Puts a message first in the queue; of the one before, nothing may have been handed over since the last configuration. */
    public void addFirst(OutgoingMessage<A> message) {
        message.enqueued();
        message.next = head;
        if (head == null) {
            tail = message;
        } else {
            head.previous = message;
        }
        head = message;
        waitingBytes += PacketFormat.LENGTH_BYTES + message.sizeBytes();
    }

    /** Takes a message out of the queue unless a part of it was handed over; says whether it did. */
    public boolean cancel(OutgoingMessage<A> message) {
        if (!message.isWaiting() || message.isStarted()) {
            return false;
        }
        waitingBytes -= PacketFormat.LENGTH_BYTES + message.sizeBytes();
        unlink(message);
        message.dequeued();
        return true;
    }

    /**
     * A message of this node was delivered: forgets it.
     *
     * @return the message; empty if the number is none of those under way
     */
    public Optional<OutgoingMessage<A>> delivered(long number) {
        OutgoingMessage<A> oldest = inFlight.peek();
        if (oldest == null || oldest.number() != number) {
            return Optional.empty();
        }
        return Optional.of(inFlight.remove());
    }

    @Override
    public int backlog() {
        if (head == null) {
            return 0;
        }
        int room = packetBytes() - PacketFormat.HEADER_BYTES_MAX - PacketFormat.LENGTH_BYTES;
        return (int) Math.min(Integer.MAX_VALUE, (waitingBytes + room - 1) / room);
    }

    @Override
    public Optional<Packet> next() {
        OutgoingMessage<A> first = head;
        if (first == null) {
            return Optional.empty();
        }
        boolean continues = first.sentBytes() > 0;
        Guarantee guarantee = first.guarantee();
        int bytesMax = packetBytes();
        ByteBuffer packet = ByteBuffer.allocate((int) Math.min(bytesMax, PacketFormat.HEADER_BYTES_MAX + waitingBytes));
        packet.put((byte) 0).putLong(continues ? first.number() : nextNumber);
        if (continues) {
            packet.putInt(first.sentBytes());
        }
        boolean isContinued = fill(packet, guarantee);
        int padding = isFullButFor(packet, bytesMax, PacketFormat.PADDING_MAX) ? packet.remaining() : 0;
        packet.position(packet.position() + padding);
        packet.put(0, (byte) ((continues ? PacketFormat.FIRST_CONTINUES : 0)
                | (isContinued ? PacketFormat.LAST_IS_CONTINUED : 0)
                | padding << PacketFormat.PADDING_SHIFT));
        return Optional.of(new Packet(guarantee, packet.flip()));
    }

    @Override
    public void configurationInstalled() {
        OutgoingMessage<A> first = head;
        if (first != null && first.sentBytes() > 0) {
            waitingBytes += first.sentBytes();
            first.rewind();
        }
    }

    /** Puts in pieces while they fit; says whether the last is continued in the next packet. */
    private boolean fill(ByteBuffer packet, Guarantee guarantee) {
        for (OutgoingMessage<A> message = head;
                message != null && message.guarantee() == guarantee && fits(packet, message);
                message = head) {
            if (message.sentBytes() == 0) {
                message.begin(nextNumber++);
            }
            int bytes = Math.min(message.remainingBytes(), packet.remaining() - PacketFormat.LENGTH_BYTES);
            packet.putShort((short) bytes);
            message.copyTo(packet, bytes);
            waitingBytes -= bytes;
            if (message.remainingBytes() > 0) {
                return true;
            }
            waitingBytes -= PacketFormat.LENGTH_BYTES;
            unlink(message);
            message.packed();
            inFlight.add(message);
        }
        return false;
    }

    private boolean fits(ByteBuffer packet, OutgoingMessage<A> message) {
        int least = message.remainingBytes() > 0 ? 1 : 0;
        return packet.remaining() >= PacketFormat.LENGTH_BYTES + least;
    }

    private boolean isFullButFor(ByteBuffer packet, int bytesMax, int bytes) {
        return head != null && packet.capacity() == bytesMax && packet.remaining() <= bytes;
    }

    private void unlink(OutgoingMessage<A> message) {
        OutgoingMessage<A> before = message.previous;
        OutgoingMessage<A> after = message.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        message.previous = null;
        message.next = null;
    }
}
