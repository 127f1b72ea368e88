/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.NodeId;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NonceReuseTest {

    private static final int PART_FRAMES = 10;

    /** Key and nonce of each frame that was sealed. */
    private final List<String> used = new ArrayList<>();

    @Test
    void neverUsesANonceTwiceWithAKeyAcrossLivesAndRestarts() {
        AeadSeal seal = seal(new Random(1));
        Set<Long> lives = new HashSet<>();
        for (int restart = 0; restart < 3; restart++) {
            SealSession session = seal.session(NodeId.of(1), "totem");
            for (int frame = 0; frame < 35; frame++) {
                lives.add(SealHeader.lifeAt(sealed(session), 0));
            }
        }

        assertThat(used).hasSize(3 * 35).doesNotHaveDuplicates();
        assertThat(lives).hasSize(3);
        assertThat(used.stream().map(each -> each.substring(0, 64)).distinct())
                .as("keys")
                .hasSize(3 * 4);
    }

    @Test
    void givesNodesThatDrawTheSameLifeDifferentKeys() {
        SealSession one = seal(new Random(1)).session(NodeId.of(1), "totem");
        SealSession two = seal(new Random(1)).session(NodeId.of(2), "totem");

        assertThat(SealHeader.lifeAt(sealed(one), 0)).isEqualTo(SealHeader.lifeAt(sealed(two), 0));
        assertThat(used).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void rollsOverToAnotherKeyAtTheLimitAndIsHeardOn() {
        SealSession sender = seal(new Random(1)).session(NodeId.of(1), "totem");
        SealSession receiver = seal(new Random(2)).session(NodeId.of(2), "totem");
        SealContract.introduce(sender, receiver);
        ByteBuffer first = sealed(sender);
        ByteBuffer last = sealed(sender);
        for (int frame = 0; frame < 3 * PART_FRAMES; frame++) {
            last = sealed(sender);
            assertThat(receiver.open(last.duplicate())).isInstanceOf(Opened.Frame.class);
        }

        assertThat(SealHeader.lifeAt(last, 0)).isEqualTo(SealHeader.lifeAt(first, 0));
        assertThat(SealHeader.counterAt(last, 0)).isGreaterThan(3 * PART_FRAMES);
        assertThat(used).doesNotHaveDuplicates();
    }

    @Test
    void countsAFrameThatCouldNotBeSealed() {
        SealSession session = Keys.seal(Keys.master(1), FailingOnce::new, new Random(1), PART_FRAMES)
                .session(NodeId.of(1), "totem");

        assertThatThrownBy(() -> sealed(session)).isInstanceOf(IllegalStateException.class);

        assertThat(SealHeader.counterAt(sealed(session), 0)).isEqualTo(1);
    }

    private AeadSeal seal(Random lives) {
        return Keys.seal(Keys.master(1), Noting::new, lives, PART_FRAMES);
    }

    private static ByteBuffer sealed(SealSession session) {
        ByteBuffer frame = ByteBuffer.allocate(5 + session.overheadBytes());
        session.seal(ByteBuffer.allocate(5), frame);
        return frame.flip();
    }

    private final class Noting implements Aead {

        private final String key;
        private final Aead cipher;

        Noting(SecretKey key) {
            this.key = HexFormat.of().formatHex(key.copyBytes());
            this.cipher = new JceAead(key);
        }

        @Override
        public void seal(
                byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
            used.add(key + " " + HexFormat.of().formatHex(nonce));
            cipher.seal(nonce, plaintext, from, length, message, at, associatedBytes);
        }

        @Override
        public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
            return cipher.open(nonce, message, at, associatedBytes, length, plaintext);
        }

        @Override
        public void close() {
            cipher.close();
        }
    }

    private static final class FailingOnce implements Aead {

        private boolean failed;

        FailingOnce(SecretKey key) {}

        @Override
        public void seal(
                byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
            if (!failed) {
                failed = true;
                throw new IllegalStateException("once");
            }
        }

        @Override
        public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
            return false;
        }

        @Override
        public void close() {}
    }
}
