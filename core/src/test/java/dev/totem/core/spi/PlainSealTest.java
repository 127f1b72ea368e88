/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is particular to this seal; the module security runs the contract of all seals over it. */
class PlainSealTest {

    @Test
    void repeatsItsFramesForTheSameSeed() {
        assertThat(frame(PlainSeal.seeded(new Random(3)))).isEqualTo(frame(PlainSeal.seeded(new Random(3))));
        assertThat(frame(PlainSeal.seeded(new Random(3)))).isNotEqualTo(frame(PlainSeal.seeded(new Random(4))));
    }

    @Test
    void drawsANewLifeForEachSession() {
        PlainSeal seal = PlainSeal.create();

        assertThat(SealHeader.lifeAt(frame(seal), 0)).isNotEqualTo(SealHeader.lifeAt(frame(seal), 0));
    }

    @Test
    void hidesNothing() {
        ByteBuffer frame = frame(PlainSeal.create());

        assertThat(frame.position(SealHeader.BYTES)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    private static ByteBuffer frame(PlainSeal seal) {
        SealSession session = seal.session(NodeId.of(1), "totem");
        ByteBuffer frame = ByteBuffer.allocate(3 + session.overheadBytes());
        session.seal(ByteBuffer.wrap(new byte[] {1, 2, 3}), frame);
        return frame.flip();
    }
}
