/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.message.CommitToken;
import dev.totem.core.seal.PlainSeal;
import dev.totem.core.seal.SealHeader;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AeadSealTest extends SealContract {

    private static final Opened NOT_AUTHENTIC = new Opened.Refused(OpenFailure.NOT_AUTHENTIC);

    @Override
    DatagramSeal seal() {
        return seal(Keys.master(1), JceAead::new);
    }

    @Test
    void refusesEveryFlippedBit() {
        SealSession sender = seal().session(ONE, CLUSTER);
        SealSession receiver = seal().session(TWO, CLUSTER);
        ByteBuffer whole = sealed(sender, text(70));
        for (int bit = 0; bit < whole.limit() * Byte.SIZE; bit++) {
            ByteBuffer altered = copy(whole);
            altered.put(bit / Byte.SIZE, (byte) (altered.get(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE));

            assertThat(receiver.open(altered)).as("bit %s", bit).isInstanceOf(Opened.Refused.class);
        }
        frame(receiver.open(whole));
    }

    @Test
    void refusesEveryFlippedBitOfALifeThatItKnows() {
        SealSession sender = seal().session(ONE, CLUSTER);
        SealSession receiver = seal().session(TWO, CLUSTER);
        frame(receiver.open(sealed(sender, text(1))));
        ByteBuffer whole = sealed(sender, text(20));
        for (int bit = 0; bit < whole.limit() * Byte.SIZE; bit++) {
            ByteBuffer altered = copy(whole);
            altered.put(bit / Byte.SIZE, (byte) (altered.get(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE));

            assertThat(receiver.open(altered)).as("bit %s", bit).isInstanceOf(Opened.Refused.class);
        }
        frame(receiver.open(whole));
    }

    @Test
    void refusesATruncationWhoseLengthFieldFits() {
        SealSession session = seal().session(ONE, CLUSTER);
        ByteBuffer whole = sealed(session, text(40));
        for (int length = SealHeader.BYTES; length < whole.limit(); length++) {
            ByteBuffer cut = copy(whole).limit(length).putShort(4, (short) length);

            assertThat(session.open(cut)).as("%s bytes", length).isInstanceOf(Opened.Refused.class);
            assertThat(cut.hasRemaining()).isFalse();
        }
    }

    @Test
    void refusesAnotherMasterKey() {
        SealSession stranger = seal(Keys.master(2), JceAead::new).session(ONE, CLUSTER);
        SealSession session = seal().session(TWO, CLUSTER);

        assertThat(session.open(sealed(stranger, text(70)))).isEqualTo(NOT_AUTHENTIC);
        assertThat(stranger.open(sealed(session, text(70)))).isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void refusesAnotherKeyId() {
        SealSession other = seal(new MasterKey(2, Keys.key(1)), JceAead::new).session(ONE, CLUSTER);

        assertThat(seal().session(TWO, CLUSTER).open(sealed(other, text(70)))).isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void refusesAnotherClusterThatClaimsToBeOurs() {
        SealSession other = seal().session(ONE, "other");
        ByteBuffer frame = sealed(other, text(70));
        frame.putInt(8, SealHeader.clusterTag(CLUSTER));

        assertThat(seal().session(TWO, CLUSTER).open(frame)).isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void refusesFramesThatAreNotSealedAndIsRefusedByThoseThatDoNotSeal() {
        SealSession sealing = seal().session(ONE, CLUSTER);
        SealSession plain = PlainSeal.create().session(TWO, CLUSTER);
        Opened refused = new Opened.Refused(OpenFailure.OTHER_SUITE);

        assertThat(sealing.open(sealed(plain, text(70)))).isEqualTo(refused);
        assertThat(plain.open(sealed(sealing, text(70)))).isEqualTo(refused);
    }

    @Test
    void hidesTheText() {
        byte[] text = new byte[200];
        Arrays.fill(text, (byte) 'x');

        byte[] frame = bytes(sealed(seal().session(ONE, CLUSTER), text));

        assertThat(new String(frame, StandardCharsets.ISO_8859_1)).doesNotContain("xxxx");
    }

    @Test
    void opensWhatTheOtherImplementationSealed() {
        SealSession jdk = seal().session(ONE, CLUSTER);
        SealSession bouncyCastle = seal(Keys.master(1), BouncyCastleAead::new).session(TWO, CLUSTER);
        for (int size : new int[] {0, 1, 16, 1_400, 65_000}) {
            byte[] text = text(size);

            assertThat(bytes(frame(jdk.open(sealed(bouncyCastle, text))).plaintext()))
                    .isEqualTo(text);
            assertThat(bytes(frame(bouncyCastle.open(sealed(jdk, text))).plaintext()))
                    .isEqualTo(text);
        }
    }

    @Test
    void hearsEachLifeOfANodeThatRestarts() {
        SealSession receiver = seal().session(TWO, CLUSTER);
        SealSession before = seal().session(ONE, CLUSTER);
        SealSession after = seal().session(ONE, CLUSTER);

        for (SealSession life : List.of(before, after, before)) {
            assertThat(frame(receiver.open(sealed(life, text(10)))).transmitter())
                    .isEqualTo(ONE);
        }
    }

    @Test
    void remembersNothingOfAStranger() {
        List<SecretKey> made = new ArrayList<>();
        SealSession receiver = seal(Keys.master(1), key -> {
                    made.add(key.copy());
                    return new JceAead(key);
                })
                .session(TWO, CLUSTER);
        ByteBuffer forged = sealed(seal(Keys.master(2), JceAead::new).session(ONE, CLUSTER), text(10));
        ByteBuffer real = sealed(seal().session(ONE, CLUSTER), text(10));
        int before = made.size();

        receiver.open(copy(forged));
        receiver.open(copy(forged));
        assertThat(made).as("a cipher each time").hasSize(before + 2);
        frame(receiver.open(copy(real)));
        receiver.open(copy(forged));
        frame(receiver.open(copy(real)));

        assertThat(made).as("the member's is kept").hasSize(before + 4);
    }

    @Test
    void keepsTheKeysOfTheLargestRingWhenAllItsMembersRestart() {
        List<SecretKey> made = new ArrayList<>();
        SealSession receiver = seal(Keys.master(1), key -> {
                    made.add(key.copy());
                    return new JceAead(key);
                })
                .session(ONE, CLUSTER);
        AeadSeal seal = seal(Keys.master(1), JceAead::new);
        List<ByteBuffer> frames = IntStream.range(0, 2 * CommitToken.MEMBERS_MAX)
                .mapToObj(life -> sealed(seal.session(NodeId.of(1 + life / 2), CLUSTER), text(1)))
                .toList();

        for (int round = 0; round < 2; round++) {
            frames.forEach(read -> frame(receiver.open(read.rewind())));
        }

        assertThat(made).as("its own and one a life").hasSize(1 + frames.size());
    }

    @Test
    void isMadeFromAKeyFile(@TempDir Path folder) {
        Path file = folder.resolve("totem.key");
        KeyFile.create(file);

        SealSession sender = AeadSeal.fromKeyFile(file).session(ONE, CLUSTER);
        SealSession receiver = AeadSeal.fromKeyFile(file, "aes-256-gcm").session(TWO, CLUSTER);

        assertThat(bytes(frame(receiver.open(sealed(sender, new byte[] {1, 2}))).plaintext()))
                .containsExactly(1, 2);
        assertThat(AeadSeal.fromKeyFile(file).suite()).isEqualTo("aes-256-gcm");
    }

    @Test
    void refusesASuiteThatItDoesNotKnow(@TempDir Path folder) {
        Path file = folder.resolve("totem.key");
        KeyFile.create(file);

        assertThatThrownBy(() -> AeadSeal.fromKeyFile(file, "rot13"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("suite=rot13")
                .hasMessageContaining("aes-256-gcm");
    }

    @Test
    void wipesTheKeysOfASessionThatIsClosed() {
        List<RecordingAead> made = new ArrayList<>();
        AeadSeal seal = seal(Keys.master(1), key -> {
            made.add(new RecordingAead(new JceAead(key)));
            return made.get(made.size() - 1);
        });
        SealSession session = seal.session(ONE, CLUSTER);
        frame(session.open(sealed(seal.session(TWO, CLUSTER), text(3))));

        session.close();

        assertThat(made).extracting(aead -> aead.closed).containsExactly(true, false, true);
        assertThatThrownBy(() -> sealed(session, text(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void startsNoSessionAfterTheMasterKeyIsErased() {
        AeadSeal seal = seal(Keys.master(1), JceAead::new);
        SealSession running = seal.session(ONE, CLUSTER);

        seal.erase();

        assertThatThrownBy(() -> seal.session(ONE, CLUSTER)).isInstanceOf(IllegalStateException.class);
        frame(running.open(sealed(running, text(1))));
    }

    static AeadSeal seal(MasterKey master, Aead.Factory ciphers) {
        return new AeadSeal(CipherSuite.AES_256_GCM, master, ciphers, new SecureRandom(), 1L << 32);
    }

    private static ByteBuffer copy(ByteBuffer frame) {
        return ByteBuffer.wrap(bytes(frame));
    }

    /** Passes everything on and remembers that it was closed. */
    private static final class RecordingAead implements Aead {

        private final Aead cipher;
        private boolean closed;

        RecordingAead(Aead cipher) {
            this.cipher = cipher;
        }

        @Override
        public void seal(
                byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
            cipher.seal(nonce, plaintext, from, length, message, at, associatedBytes);
        }

        @Override
        public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
            return cipher.open(nonce, message, at, associatedBytes, length, plaintext);
        }

        @Override
        public void close() {
            closed = true;
            cipher.close();
        }
    }
}
