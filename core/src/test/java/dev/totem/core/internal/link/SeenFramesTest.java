/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeenFramesTest {

    private final SeenFrames seen = new SeenFrames(0x1234_5678_9ABC_DEF1L);
    private final Random random = new Random(7);

    @Test
    void theSameFrameByAnotherNetworkIsACopy() {
        ByteBuffer frame = frame(1_413);

        assertThat(seen.isCopy(frame, 0, 1_413, 0)).isFalse();
        assertThat(seen.isCopy(frame, 0, 1_413, 1)).isTrue();
        assertThat(seen.isCopy(frame, 0, 1_413, 2)).isTrue();
    }

    @Test
    void theSameFrameByTheSameNetworkIsForTheSealToJudge() {
        ByteBuffer frame = frame(100);

        assertThat(seen.isCopy(frame, 0, 100, 1)).isFalse();
        assertThat(seen.isCopy(frame, 0, 100, 1)).isFalse();
    }

    @Test
    void aFrameWithAnyBitChangedIsAnother() {
        ByteBuffer frame = frame(203);
        seen.isCopy(frame, 0, 203, 0);
        for (int bit = 0; bit < 203 * Byte.SIZE; bit++) {
            flip(frame, bit);
            assertThat(seen.isCopy(frame, 0, 203, 1)).as("bit " + bit).isFalse();
            flip(frame, bit);
        }
        for (int bit = 0; bit < 190 * Byte.SIZE; bit++) {
            // The highest bits of words that follow each other, and others a word apart.
            flip(frame, bit);
            flip(frame, bit + Long.SIZE);
            assertThat(seen.isCopy(frame, 0, 203, 1))
                    .as("bits a word apart from " + bit)
                    .isFalse();
            flip(frame, bit);
            flip(frame, bit + Long.SIZE);
        }
    }

    @Test
    void framesAreToldApartWhereverTheyStandInARead() {
        ByteBuffer read = frame(300);

        assertThat(seen.isCopy(read, 10, 90, 0)).isFalse();
        ByteBuffer moved = ByteBuffer.allocate(200);
        moved.put(50, read, 10, 90);
        assertThat(seen.isCopy(moved, 50, 90, 1)).isTrue();
    }

    private static void flip(ByteBuffer frame, int bit) {
        int at = bit / Byte.SIZE;
        frame.put(at, (byte) (frame.get(at) ^ (1 << (bit % Byte.SIZE))));
    }

    private ByteBuffer frame(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
