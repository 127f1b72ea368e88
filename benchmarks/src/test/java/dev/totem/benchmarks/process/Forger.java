/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import dev.totem.core.spi.SealHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Knows the format of the messages (docs/WIRE.md), and makes others of those that it has heard under the suite {@code none}: of
 * each kind as often, with fields changed to values at their edges, near their own, of another message, or to any. Any thread.
 */
final class Forger {

    private static final int REMEMBERED_MAX = 32;

    /** Type and version, which decide what the rest means. */
    private static final int ORIGIN_AT = 2;

    private static final long[] EDGES = {
        0, 1, 2, 3, 4, -1, 2_000_000_000, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 7
    };

    private static final Field ORIGIN = new Field(ORIGIN_AT, Integer.BYTES);
    private static final Field INCARNATION = new Field(6, Long.BYTES);

    /** The fields of each type behind the header, but for lists. */
    private static final Map<Integer, List<Field>> FIELDS = Map.of(
            1, List.of(new Field(14, 4), new Field(18, 8), new Field(26, 8), new Field(34, 1)),
            2, List.of(new Field(14, 4), new Field(18, 8), new Field(26, 8), new Field(36, 4), new Field(60, 8)),
            3,
                    List.of(
                            new Field(14, 4),
                            new Field(18, 8),
                            new Field(26, 8),
                            new Field(34, 8),
                            new Field(42, 8),
                            new Field(50, 4),
                            new Field(54, 4),
                            new Field(58, 4),
                            new Field(62, 1),
                            new Field(67, 8)),
            4, List.of(new Field(14, 4), new Field(18, 8), new Field(26, 8), new Field(34, 1), new Field(43, 4)),
            5, List.of(new Field(14, 8), new Field(22, 4), new Field(38, 1), new Field(39, 1), new Field(42, 4)),
            6, List.of(new Field(14, 8), new Field(30, 4)),
            7, List.of(new Field(14, 4), new Field(18, 8), new Field(34, 4)),
            8, List.of(new Field(14, 4), new Field(18, 8)));

    private final Map<Integer, List<byte[]>> heard = new TreeMap<>();
    private final Random random;

    private record Field(int at, int bytes) {}

    Forger(Random random) {
        this.random = random;
    }

    /** Remembers the messages of a datagram. */
    synchronized void hear(byte[] datagram) {
        ByteBuffer frames = ByteBuffer.wrap(datagram);
        for (int at = 0; SealHeader.skipFrame(frames) > SealHeader.BYTES + ORIGIN_AT; at = frames.position()) {
            if (SealHeader.kindAt(frames, at) == SealHeader.KIND_PROTOCOL) {
                List<byte[]> same =
                        heard.computeIfAbsent((int) datagram[at + SealHeader.BYTES], none -> new ArrayList<>());
                if (same.size() >= REMEMBERED_MAX) {
                    same.remove(random.nextInt(same.size()));
                }
                same.add(Arrays.copyOfRange(datagram, at, frames.position()));
            }
        }
    }

    /** So many datagrams, each a message that says to be of the node whose message it was made of. */
    synchronized List<Recorder.Datagram> make(int count) {
        List<List<byte[]>> kinds = new ArrayList<>(heard.values());
        List<Recorder.Datagram> made = new ArrayList<>();
        while (made.size() < count && !kinds.isEmpty()) {
            List<byte[]> kind = kinds.get(random.nextInt(kinds.size()));
            byte[] frame = kind.get(random.nextInt(kind.size())).clone();
            for (int fields = random.nextInt(3); fields >= 0; fields--) {
                change(frame, kind.get(random.nextInt(kind.size())));
            }
            made.add(new Recorder.Datagram(0, SealHeader.senderAt(ByteBuffer.wrap(frame), 0), frame));
        }
        return made;
    }

    private void change(byte[] frame, byte[] other) {
        Field field = field(frame);
        int at = SealHeader.BYTES + field.at;
        if (at + field.bytes > frame.length) {
            return;
        }
        boolean isOfOther = random.nextInt(4) == 0 && at + field.bytes <= other.length;
        long own = number(frame, at, field.bytes);
        write(frame, at, field.bytes, isOfOther ? number(other, at, field.bytes) : value(own));
    }

    /** One of those that the message has, or any bytes of it. */
    private Field field(byte[] frame) {
        List<Field> own = FIELDS.getOrDefault((int) frame[SealHeader.BYTES], List.of());
        int which = random.nextInt(own.size() + 4);
        if (which < own.size()) {
            return own.get(which);
        }
        return switch (which - own.size()) {
            case 0 -> ORIGIN;
            case 1 -> INCARNATION;
            default ->
                new Field(
                        ORIGIN_AT + random.nextInt(frame.length - SealHeader.BYTES - ORIGIN_AT),
                        1 << random.nextInt(4));
        };
    }

    private long value(long own) {
        return switch (random.nextInt(4)) {
            case 0 -> own + random.nextInt(5) - 2;
            case 1 -> own + random.nextInt(2_000) - 1_000;
            case 2 -> random.nextLong() >>> random.nextInt(63);
            default -> EDGES[random.nextInt(EDGES.length)];
        };
    }

    private static long number(byte[] frame, int at, int bytes) {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = (number << Byte.SIZE) | Byte.toUnsignedInt(frame[at + i]);
        }
        return number;
    }

    private static void write(byte[] frame, int at, int bytes, long number) {
        for (int i = bytes - 1; i >= 0; i--) {
            frame[at + i] = (byte) number;
            number >>>= Byte.SIZE;
        }
    }
}
