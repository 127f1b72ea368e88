/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.NodeId;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Any read leads to its end, and opens only what a member sealed, in this execution or an earlier one, as it was
 * sealed and once.
 *
 * <p>An input is a mode, then the read itself, or choices by which frames of a member are joined to a read and damaged:
 * two bytes a choice, zeros when they are used up.
 */
public final class SealFuzz {

    private static final byte RAW = 0;
    private static final int FRAMES_MAX = 4;
    private static final int COUNTER_AT = 24;

    /** The frames of the sender by their counter; more than the receiver would take late. */
    private static final byte[][] SEALED = new byte[2 * ReplayWindow.FRAMES][];

    private static final Members MEMBERS = Members.make();

    private record Members(SealSession sender, SealSession receiver) {

        static Members make() {
            try {
                Path folder = Files.createTempDirectory("seal-fuzz");
                Path key = folder.resolve("key");
                KeyFile.create(key);
                AeadSeal seal = AeadSeal.fromKeyFile(key);
                Files.delete(key);
                Files.delete(folder);
                Members members = new Members(seal.session(NodeId.of(1), "fuzz"), seal.session(NodeId.of(2), "fuzz"));
                SealContract.introduce(members.sender, members.receiver);
                return members;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private SealFuzz() {}

    /** One execution; throws what it finds. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        if (input[0] == RAW) {
            check(Arrays.copyOfRange(input, 1, input.length));
            return;
        }
        ByteBuffer choices = ByteBuffer.wrap(input, 1, input.length - 1);
        ByteBuffer read = ByteBuffer.allocate(FRAMES_MAX * 400);
        for (int frames = 1 + next(choices, FRAMES_MAX); frames > 0; frames--) {
            read.put(damage(seal(next(choices, 300)), choices));
        }
        int length = next(choices, 4) == 3 ? next(choices, read.position() + 1) : read.position();
        check(Arrays.copyOf(read.array(), length));
    }

    private static int next(ByteBuffer choices, int bound) {
        return choices.remaining() < Short.BYTES ? 0 : Short.toUnsignedInt(choices.getShort()) % bound;
    }

    private static byte[] seal(int textBytes) {
        ByteBuffer frame = ByteBuffer.allocate(textBytes + MEMBERS.sender.overheadBytes());
        MEMBERS.sender.seal(ByteBuffer.allocate(textBytes), frame);
        SEALED[slot(frame.array())] = frame.array();
        return frame.array();
    }

    /** Changes nothing, a field of the header, any byte, or the length of the frame together with its field. */
    private static byte[] damage(byte[] frame, ByteBuffer choices) {
        byte[] damaged = frame.clone();
        switch (next(choices, 5)) {
            case 1 -> damaged[next(choices, SealHeader.BYTES)] = (byte) next(choices, 256);
            case 2 -> damaged[next(choices, damaged.length)] ^= (byte) (1 << next(choices, Byte.SIZE));
            case 3 -> {
                damaged = Arrays.copyOf(damaged, SealHeader.BYTES + next(choices, damaged.length));
                ByteBuffer.wrap(damaged).putShort(4, (short) damaged.length);
            }
            case 4 -> ByteBuffer.wrap(damaged).putLong(16 + 8 * next(choices, 2), next(choices, 1 << 16));
            default -> {}
        }
        return damaged;
    }

    private static int slot(byte[] frame) {
        return (int) (ByteBuffer.wrap(frame).getLong(COUNTER_AT) % SEALED.length);
    }

    private static void check(byte[] bytes) {
        MEMBERS.receiver.readAt(System.nanoTime());
        ByteBuffer read = ByteBuffer.wrap(bytes);
        while (read.hasRemaining()) {
            int from = read.position();
            Opened opened = MEMBERS.receiver.open(read);
            if (read.position() <= from) {
                throw new AssertionError("a frame that is never left behind");
            }
            if (opened instanceof Opened.Frame frame) {
                byte[] taken = Arrays.copyOfRange(bytes, from, read.position());
                if (!Arrays.equals(SEALED[slot(taken)], taken)) {
                    throw new AssertionError("a frame that nobody sealed, or that opened before");
                }
                SEALED[slot(taken)] = new byte[0];
                if (frame.transmitter().value() != 1
                        || frame.plaintext().remaining() != taken.length - MEMBERS.sender.overheadBytes()) {
                    throw new AssertionError("another frame than was sealed");
                }
            }
        }
    }
}
