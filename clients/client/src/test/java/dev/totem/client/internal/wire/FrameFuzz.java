/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.Random;

/**
 * Any bytes are refused with a reason, or are a frame of either side that is written as it was read. Some have other bytes that are
 * read too: headers and counters in another order, causes of a later version, and errors, whose classes put words around their text.
 * These are written as frames of the same kind, and but for such words written the same again.
 *
 * <p>An input is a mode, then the bytes without their length, or choices by which a frame is built and then damaged.
 */
public final class FrameFuzz {

    private static final byte RAW = 0;
    private static final ByteBufAllocator HEAP = new UnpooledByteBufAllocator(false, true);

    private FrameFuzz() {}

    /** One execution; throws what it finds. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        if (input[0] == RAW) {
            check(Arrays.copyOfRange(input, 1, input.length));
            return;
        }
        Choices choices = new Choices(input);
        Frame frame = new RandomFrames(choices).any();
        byte[] valid = written(frame);
        byte[] again;
        try {
            again = written(FrameReader.read(Unpooled.wrappedBuffer(valid)));
        } catch (MalformedFrameException refused) {
            throw new AssertionError("a frame that was written is refused: " + frame, refused);
        }
        require(Arrays.equals(again, valid), "is not read as it was written", frame);
        check(choices.damaged(valid));
    }

    private static void check(byte[] bytes) {
        Frame frame;
        try {
            frame = FrameReader.read(Unpooled.wrappedBuffer(bytes));
        } catch (MalformedFrameException refused) {
            String reason = refused.getMessage();
            if (reason == null || reason.isBlank()) {
                throw new AssertionError("no reason", refused);
            }
            return;
        }
        byte[] written = written(frame);
        require(frame instanceof Frame.FromClient == isOfClient(bytes[0]), "is of the other side", frame);
        if (Arrays.equals(written, bytes)) {
            return;
        }
        require(isWithError(bytes) || hasOtherBytes(frame), "has two encodings", frame);
        try {
            Frame again = FrameReader.read(Unpooled.wrappedBuffer(written));
            require(again.getClass() == frame.getClass(), "becomes " + again, frame);
            require(
                    isWithError(bytes) || Arrays.equals(written(again), written),
                    "becomes another again and again",
                    frame);
        } catch (MalformedFrameException refused) {
            throw new AssertionError("a frame that was read is not to be said: " + frame, refused);
        }
    }

    private static boolean isOfClient(byte type) {
        return type >= FrameType.OPEN && type < FrameType.OPENED;
    }

    private static boolean hasOtherBytes(Frame frame) {
        if (frame instanceof Frame.Send send) {
            return !send.message().headers().isEmpty();
        }
        if (frame instanceof Frame.Event event && event.event() instanceof Delivery delivery) {
            return !delivery.headers().isEmpty();
        }
        return frame instanceof Frame.Stats
                || frame instanceof Frame.Health
                || (frame instanceof Frame.Event event && event.event() instanceof ConfigChange);
    }

    private static boolean isWithError(byte[] bytes) {
        return switch (bytes[0]) {
            case FrameType.FAILED, FrameType.BROKEN, FrameType.ENDED -> true;
            default -> false;
        };
    }

    private static byte[] written(Frame frame) {
        ByteBuf bytes = FrameWriter.write(frame, HEAP);
        require(bytes.readInt() == bytes.readableBytes(), "has another length than it says", frame);
        return ByteBufUtil.getBytes(bytes);
    }

    private static void require(boolean holds, String found, Frame frame) {
        if (!holds) {
            throw new AssertionError("a frame " + found + ": " + frame);
        }
    }

    /** Chance that the fuzzer steers: bits of the input, and seeded ones when these are used up. */
    private static final class Choices extends Random {

        private static final long serialVersionUID = 1L;

        private final byte[] input;
        private int at = 1;

        Choices(byte[] input) {
            super(input.length);
            this.input = input;
        }

        @Override
        protected int next(int bits) {
            if (input == null || at >= input.length) {
                return super.next(bits);
            }
            int drawn = 0;
            for (int count = 0; count < bits && at < input.length; count += Byte.SIZE) {
                drawn = (drawn << Byte.SIZE) | (input[at++] & 0xFF);
            }
            return bits == Integer.SIZE ? drawn : drawn & ((1 << bits) - 1);
        }

        byte[] damaged(byte[] valid) {
            byte[] bytes = valid.clone();
            for (int edits = 1 + nextInt(3); edits > 0 && bytes.length > 1; edits--) {
                int where = nextInt(bytes.length);
                switch (nextInt(5)) {
                    case 0 -> bytes[where] ^= (byte) (1 << nextInt(Byte.SIZE));
                    case 1 -> bytes[where] = (byte) nextInt(256);
                    case 2 -> bytes[where] = (byte) (nextBoolean() ? 0xFF : 0);
                    case 3 -> bytes = Arrays.copyOf(bytes, where);
                    default -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + nextInt(16));
                }
            }
            return bytes;
        }
    }
}
