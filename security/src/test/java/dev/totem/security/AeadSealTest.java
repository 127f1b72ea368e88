/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.PlainSeal;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
        ByteBuffer whole = sealed(sender, text(70));
        for (int bit = 0; bit < whole.limit() * Byte.SIZE; bit++) {
            ByteBuffer altered = copy(whole);
            altered.put(bit / Byte.SIZE, (byte) (altered.get(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE));

            SealSession receiver = seal().session(TWO, CLUSTER);
            assertThat(receiver.open(altered)).as("bit %s", bit).isInstanceOf(Opened.Refused.class);
            assertThat(receiver.open(whole.duplicate())).isInstanceOf(Opened.Proof.class);
        }
    }

    @Test
    void refusesEveryFlippedBitOfALifeThatItKnows() {
        SealSession sender = seal().session(ONE, CLUSTER);
        SealSession receiver = hearing(sender);
        ByteBuffer whole = sealed(sender, text(20));
        for (int bit = 0; bit < whole.limit() * Byte.SIZE; bit++) {
            ByteBuffer altered = copy(whole);
            altered.put(bit / Byte.SIZE, (byte) (altered.get(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE));

            assertThat(receiver.open(altered)).as("bit %s", bit).isInstanceOf(Opened.Refused.class);
        }
        // The frame itself has failed too often by now.
        frame(receiver.open(sealed(sender, text(20))));
    }

    @Test
    void refusesATruncationWhoseLengthFieldFits() {
        SealSession session = seal().session(ONE, CLUSTER);
        SealSession receiver = hearing(session);
        ByteBuffer whole = sealed(session, text(40));
        for (int length = SealHeader.BYTES; length < whole.limit(); length++) {
            ByteBuffer cut = copy(whole).limit(length).putShort(4, (short) length);

            assertThat(receiver.open(cut)).as("%s bytes", length).isInstanceOf(Opened.Refused.class);
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

        SealSession session = seal().session(TWO, CLUSTER);
        assertThat(session.open(sealed(other, text(70)))).isEqualTo(new Opened.Refused(OpenFailure.OTHER_KEY));
        assertThat(session.keys().lastLacked()).isEqualTo(2);
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
        introduce(jdk, bouncyCastle);
        for (int size : new int[] {0, 1, 16, 1_400, 65_000}) {
            byte[] text = text(size);

            assertThat(bytes(frame(jdk.open(sealed(bouncyCastle, text))).plaintext()))
                    .isEqualTo(text);
            assertThat(bytes(frame(bouncyCastle.open(sealed(jdk, text))).plaintext()))
                    .isEqualTo(text);
        }
    }

    @Test
    void opensFramesOfTheOldKeyUntilItIsRetired() {
        KeyRing ring = Keys.ring(1, 2, 3);
        AeadSeal seal = new AeadSeal(
                CipherSuite.AES_256_GCM,
                ring,
                Keys.fixed(ring),
                JceAead::new,
                new SecureRandom(),
                AeadSeal.PART_FRAMES);
        SealSession sender = seal.session(ONE, CLUSTER);
        SealSession receiver = seal.session(TWO, CLUSTER);
        introduce(sender, receiver);
        ByteBuffer old = sealed(sender, text(5));
        ByteBuffer late = sealed(sender, text(5));

        sender.keys().sealWith(2);
        ByteBuffer young = sealed(sender, text(5));
        assertThat(SealHeader.keyIdAt(young, 0)).isEqualTo(2);
        assertThat(SealHeader.counterAt(young, 0)).isEqualTo(SealHeader.counterAt(late, 0) + 1);
        frame(receiver.open(copy(young)));
        frame(receiver.open(old));
        assertThat(receiver.keys().newestHeard()).isEqualTo(2);
        assertThat(receiver.keys().isNewer(2)).isTrue();

        receiver.keys().sealWith(2);
        receiver.keys().retireOlder();

        assertThat(receiver.open(late)).isEqualTo(new Opened.Refused(OpenFailure.OTHER_KEY));
        assertThat(receiver.open(copy(young))).isEqualTo(new Opened.Refused(OpenFailure.REPLAYED));
        frame(receiver.open(sealed(sender, text(5))));
        receiver.keys().refresh();
        assertThat(receiver.keys().has(1))
                .as("a retired key does not come back")
                .isFalse();
    }

    @Test
    void takesInKeysThatWereAddedToItsFile(@TempDir Path folder) {
        Path file = folder.resolve("totem.key");
        KeyFile.create(file);
        AeadSeal seal = AeadSeal.fromKeyFile(file);
        SealSession session = seal.session(ONE, CLUSTER);
        KeyFile.add(file);
        assertThat(session.keys().has(2)).isFalse();

        seal.reload().toCompletableFuture().join();
        session.keys().refresh();
        session.keys().sealWith(2);
        seal.keepActive(2).toCompletableFuture().join();

        introduce(session, AeadSeal.fromKeyFile(file).session(TWO, CLUSTER));
    }

    @Test
    void refusesAFileInWhichAKeyHasBecomeAnother(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("totem.key");
        KeyFile.create(file);
        AeadSeal seal = AeadSeal.fromKeyFile(file);
        Files.delete(file);
        KeyFile.create(file);

        assertThatThrownBy(() -> seal.reload().toCompletableFuture().join())
                .hasCauseInstanceOf(ConfigurationException.class)
                .hasMessageContaining("key=1");
    }

    @Test
    void derivesNothingForAFrameWithAWrongGuard() {
        List<SecretKey> made = new ArrayList<>();
        SealSession receiver = counting(made).session(TWO, CLUSTER);
        ByteBuffer forged = sealed(seal(Keys.master(2), JceAead::new).session(ONE, CLUSTER), text(64));

        for (int frame = 0; frame < 10; frame++) {
            assertThat(receiver.open(copy(forged))).isEqualTo(NOT_AUTHENTIC);
        }

        assertThat(made).isEmpty();
    }

    @Test
    void remembersNothingOfAFrameWithARightHeaderAndAWrongTag() {
        List<SecretKey> made = new ArrayList<>();
        SealSession receiver = counting(made).session(TWO, CLUSTER);
        SealSession sender = seal().session(ONE, CLUSTER);
        ByteBuffer forged = sealed(sender, text(64));
        forged.put(forged.limit() - 1, (byte) (forged.get(forged.limit() - 1) ^ 1));

        for (int frame = 0; frame < 3; frame++) {
            assertThat(receiver.open(copy(forged))).isEqualTo(NOT_AUTHENTIC);
        }

        assertThat(made).as("a cipher each time").hasSize(3);
        introduce(sender, receiver);
    }

    @Test
    void keepsTheKeysOfTheLargestRingWhenAllItsMembersRestart() {
        List<SecretKey> made = new ArrayList<>();
        SealSession receiver = counting(made).session(NodeId.of(1_000), CLUSTER);
        AeadSeal seal = seal(Keys.master(1), JceAead::new);
        List<SealSession> lives = IntStream.range(0, 2 * CommitToken.MEMBERS_MAX)
                .mapToObj(life -> seal.session(NodeId.of(1 + life / 2), CLUSTER))
                .toList();
        for (int life = 0; life < lives.size(); life++) {
            receiver.readAt(life * 10_000_000L);
            introduce(lives.get(life), receiver);
        }
        int before = made.size();

        for (int life = 1; life < lives.size(); life += 2) {
            frame(receiver.open(sealed(lives.get(life), text(1))));
        }

        assertThat(made).hasSize(before);
    }

    @Test
    void isMadeFromAKeyFile(@TempDir Path folder) {
        Path file = folder.resolve("totem.key");
        KeyFile.create(file);

        SealSession sender = AeadSeal.fromKeyFile(file).session(ONE, CLUSTER);
        SealSession receiver = AeadSeal.fromKeyFile(file, "aes-256-gcm").session(TWO, CLUSTER);
        introduce(sender, receiver);

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
        introduce(seal().session(TWO, CLUSTER), session);

        session.close();

        assertThat(made).as("one that seals, one that opens").hasSize(2).allMatch(aead -> aead.closed);
        assertThatThrownBy(() -> sealed(session, text(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void startsNoSessionAfterTheMasterKeyIsErased() {
        AeadSeal seal = seal(Keys.master(1), JceAead::new);
        SealSession running = seal.session(ONE, CLUSTER);

        seal.erase();

        assertThatThrownBy(() -> seal.session(ONE, CLUSTER)).isInstanceOf(IllegalStateException.class);
        introduce(seal().session(TWO, CLUSTER), running);
    }

    static AeadSeal seal(MasterKey master, Aead.Factory ciphers) {
        return Keys.seal(master, ciphers, new SecureRandom(), AeadSeal.PART_FRAMES);
    }

    /** A seal that notes the key of each cipher it makes. */
    private static AeadSeal counting(List<SecretKey> made) {
        return seal(Keys.master(1), key -> {
            made.add(key.copy());
            return new JceAead(key);
        });
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
