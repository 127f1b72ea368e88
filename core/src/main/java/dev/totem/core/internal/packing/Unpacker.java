/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import dev.totem.core.ProtocolFailureException;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.packing.MessageBytes.Piece;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns delivered packets back into messages, with one assembly per originator ({@code PROTOCOL.md} 6.4). Node loop only.
 *
 * <p>A piece whose beginning was not seen is left out, and nothing else; a packet that breaks the format (see
 * {@link Packer}) is left out whole.
 */
public final class Unpacker {

    private final int messageBytesMax;
    private final int usualBytesMax;
    private final long roomBytes;
    private final Map<Origin, Assembly> unfinished = new LinkedHashMap<>();
    private long leftOut;

    /** Takes the messages of a packet, in order. */
    @FunctionalInterface
    public interface Receiver {

        /**
         * A whole message.
         *
         * @param index the place of its last piece in the packet, from 0; the same at every node
         * @param number its number among the messages of its originator
         */
        void message(int index, long number, MessageBytes bytes);
    }

    /** The pieces of a message that is not whole yet. */
    private static final class Assembly {

        private final long number;
        private final List<Piece> pieces = new ArrayList<>();
        private int sizeBytes;

        Assembly(long number) {
            this.number = number;
        }

        void add(Piece piece) {
            pieces.add(piece);
            sizeBytes += piece.bytes();
        }

        MessageBytes message() {
            return new MessageBytes(pieces.get(0), pieces.subList(1, pieces.size()), sizeBytes);
        }
    }

    /**
     * Sizes include the envelope.
     *
     * @param messageBytesMax the largest message of the format, the same at every node: larger ones are left out everywhere
     * @param usualBytesMax the largest that this node would send. Others may have been allowed larger ones, in this ring or
     *     before it; they are delivered, as what is ordered is delivered by all
     * @param roomBytes what unfinished messages of more than {@code usualBytesMax} may hold together
     */
    public Unpacker(int messageBytesMax, int usualBytesMax, long roomBytes) {
        this.messageBytesMax = messageBytesMax;
        this.usualBytesMax = usualBytesMax;
        this.roomBytes = roomBytes;
    }

    /** The same for whoever takes all that the format allows. */
    public Unpacker(int messageBytesMax) {
        this(messageBytesMax, messageBytesMax, Long.MAX_VALUE);
    }

    /**
     * Hands over the messages that a packet completes.
     *
     * @param packet read from position to limit, neither of which is moved; kept while a message in it is unfinished
     * @return whether the packet has the right form; nothing is handed over if not
     * @throws ProtocolFailureException if there is no room for a message that others deliver
     */
    public boolean unpack(Origin origin, ByteBuffer packet, Receiver receiver) {
        if (!isWellFormed(packet)) {
            return false;
        }
        ByteBuffer rest = packet.slice();
        int flags = rest.get();
        boolean continues = (flags & PacketFormat.FIRST_CONTINUES) != 0;
        boolean isContinued = (flags & PacketFormat.LAST_IS_CONTINUED) != 0;
        long number = rest.getLong();
        Assembly begun = begun(origin, continues, number, rest);
        int end = rest.limit() - padding(flags);
        for (int index = 0; rest.position() < end; index++) {
            Piece piece = piece(rest);
            boolean isUnfinished = isContinued && rest.position() == end;
            if (!isUnfinished && (index > 0 || !continues)) {
                if (piece.bytes() <= messageBytesMax) {
                    receiver.message(index, number + index, new MessageBytes(piece));
                } else {
                    leftOut++;
                }
                continue;
            }
            Assembly assembly = index == 0 ? begun : new Assembly(number + index);
            if (assembly == null) {
                continue;
            }
            if (piece.bytes() > messageBytesMax - assembly.sizeBytes) {
                leftOut++;
                continue;
            }
            assembly.add(piece);
            requireRoom(origin, assembly);
            if (isUnfinished) {
                unfinished.put(origin, assembly);
            } else {
                receiver.message(index, number + index, assembly.message());
            }
        }
        return true;
    }

    /** What others deliver is never left out: a node that cannot take it stops, and the others go on. */
    private void requireRoom(Origin origin, Assembly assembly) {
        if (assembly.sizeBytes <= usualBytesMax) {
            return;
        }
        long large = unfinished.values().stream()
                .filter(other -> other.sizeBytes > usualBytesMax)
                .mapToLong(other -> other.sizeBytes)
                .sum();
        if (large + assembly.sizeBytes > roomBytes) {
            throw new ProtocolFailureException("node " + origin.node() + " sent a message of more than "
                    + assembly.sizeBytes + " bytes, for which there is no room: raise max-message-size and memory here,"
                    + " or lower max-message-size there");
        }
    }

    /**
     * A regular configuration was installed: messages belong to one configuration, so what is unfinished stays so
     * ({@code PROTOCOL.md} 6.4, decided).
     */
    public void dropUnfinished() {
        unfinished.clear();
    }

    /** Messages that no node delivers, because they are larger than any may be. */
    public long leftOut() {
        return leftOut;
    }

    /** Originators with an unfinished message. */
    int unfinishedCount() {
        return unfinished.size();
    }

    /** What the first piece belongs to: empty for a new message, null if the beginning of it is not known. */
    private @Nullable Assembly begun(Origin origin, boolean continues, long number, ByteBuffer rest) {
        Assembly stored = unfinished.remove(origin);
        if (!continues) {
            return new Assembly(number);
        }
        int offset = rest.getInt();
        return stored != null && stored.number == number && stored.sizeBytes == offset ? stored : null;
    }

    private static boolean isWellFormed(ByteBuffer packet) {
        ByteBuffer rest = packet.slice();
        if (rest.remaining() < PacketFormat.HEADER_BYTES + PacketFormat.LENGTH_BYTES) {
            return false;
        }
        int flags = rest.get();
        boolean continues = (flags & PacketFormat.FIRST_CONTINUES) != 0;
        boolean isContinued = (flags & PacketFormat.LAST_IS_CONTINUED) != 0;
        int header = continues ? PacketFormat.HEADER_BYTES_MAX : PacketFormat.HEADER_BYTES;
        int end = rest.limit() - padding(flags);
        if ((flags & ~PacketFormat.FLAGS_MASK) != 0
                || padding(flags) > PacketFormat.PADDING_MAX
                || header + PacketFormat.LENGTH_BYTES > end) {
            return false;
        }
        rest.position(header).limit(end);
        for (boolean isFirst = true; rest.hasRemaining(); isFirst = false) {
            if (rest.remaining() < PacketFormat.LENGTH_BYTES) {
                return false;
            }
            int length = Short.toUnsignedInt(rest.getShort());
            if (length > rest.remaining()) {
                return false;
            }
            rest.position(rest.position() + length);
            boolean isPartial = (isFirst && continues) || (isContinued && !rest.hasRemaining());
            if (length == 0 && isPartial) {
                return false;
            }
        }
        return true;
    }

    private static int padding(int flags) {
        return (flags & PacketFormat.PADDING_MASK) >> PacketFormat.PADDING_SHIFT;
    }

    private static Piece piece(ByteBuffer rest) {
        int length = Short.toUnsignedInt(rest.getShort());
        int from = rest.position();
        rest.position(from + length);
        return new Piece(rest, from, from + length);
    }
}
