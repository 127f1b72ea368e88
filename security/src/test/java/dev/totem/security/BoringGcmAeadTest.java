/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts outside the heap; what is in arrays is in {@link AeadTest}. */
class BoringGcmAeadTest {

    private static final Aead.Factory CIPHERS = BoringGcmAead.over(CtrGcmAead::new);
    private static final int ASSOCIATED = 40;
    private static final int BEFORE = 7;

    private final Random random = new Random(4);
    private final byte[] nonce = bytes(Aead.NONCE_BYTES);
    private final byte[] associated = bytes(ASSOCIATED);
    private final Aead aead = CIPHERS.create(Keys.key(1));
    private final Aead inArrays = new CtrGcmAead(Keys.key(1));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 17, 4_096, 16_384, 65_000})
    void sealsAsTheOtherImplementationAndOpensWhatItSealed(int size) {
        byte[] text = bytes(size);
        byte[] expected = Arrays.copyOf(associated, ASSOCIATED + size + Aead.TAG_BYTES);
        inArrays.seal(nonce, text, 0, size, expected, 0, ASSOCIATED);
        ByteBuffer plaintext = direct(text);
        ByteBuffer sealed =
                ByteBuffer.allocateDirect(BEFORE + size + Aead.TAG_BYTES).position(BEFORE);

        aead.sealDirect(nonce, associated, plaintext, sealed);

        assertThat(plaintext.hasRemaining()).isFalse();
        assertThat(sealed.hasRemaining()).isFalse();
        sealed.position(BEFORE);
        assertThat(sealed).isEqualTo(ByteBuffer.wrap(expected, ASSOCIATED, size + Aead.TAG_BYTES));
        ByteBuffer opened = ByteBuffer.allocateDirect(BEFORE + size + 100).position(BEFORE);
        assertThat(aead.openDirect(nonce, associated, sealed, opened)).isTrue();
        assertThat(opened.flip().position(BEFORE)).isEqualTo(ByteBuffer.wrap(text));
    }

    @Test
    void refusesWhatWasChanged() {
        ByteBuffer sealed = ByteBuffer.allocateDirect(70 + Aead.TAG_BYTES);
        aead.sealDirect(nonce, associated, direct(bytes(70)), sealed);
        ByteBuffer opened = ByteBuffer.allocateDirect(70);
        for (int bit = 0; bit < sealed.capacity() * Byte.SIZE; bit++) {
            ByteBuffer altered = direct(sealed.clear());
            altered.put(bit / Byte.SIZE, (byte) (altered.get(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE));
            assertThat(aead.openDirect(nonce, associated, altered, opened.clear()))
                    .as("bit %s", bit)
                    .isFalse();
            assertThat(opened.position()).isZero();
        }
        for (int length = 0; length < sealed.capacity(); length++) {
            assertThat(aead.openDirect(nonce, associated, sealed.clear().limit(length), opened.clear()))
                    .as("%s bytes", length)
                    .isFalse();
        }
        associated[3] ^= 1;
        assertThat(aead.openDirect(nonce, associated, sealed.clear(), opened.clear()))
                .isFalse();
    }

    @Test
    void doesNothingOnceClosed() {
        aead.close();

        ByteBuffer sealed = ByteBuffer.allocateDirect(100);
        assertThatThrownBy(() -> aead.sealDirect(nonce, associated, direct(bytes(10)), sealed))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> aead.openDirect(nonce, associated, sealed, direct(bytes(100))))
                .isInstanceOf(IllegalStateException.class);
    }

    /** Objects that only the compiler removes count too. */
    @Test
    void allocatesNothingAPacket() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuffer text = ByteBuffer.allocateDirect(16_384);
        ByteBuffer sealed = ByteBuffer.allocateDirect(text.capacity() + Aead.TAG_BYTES);
        long before = 0;
        for (int packet = 0; packet < 3_000; packet++) {
            if (packet == 2_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            nonce[packet % Aead.NONCE_BYTES]++;
            aead.sealDirect(nonce, associated, text.clear(), sealed.clear());
            assertThatIsTrue(aead.openDirect(nonce, associated, sealed.flip(), text.clear()));
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes for 1,000 packets; the counting and the JVM itself take some")
                .isLessThan(8 * 1_000);
    }

    @Test
    void sessionsAgreeWhereverTheirFramesLie() {
        AeadSeal seal = Keys.seal(Keys.master(1), CIPHERS, random, AeadSeal.PART_FRAMES);
        AeadSeal other = Keys.seal(Keys.master(1), JceAead::new, random, AeadSeal.PART_FRAMES);
        for (AeadSeal theirs : new AeadSeal[] {seal, other}) {
            SealSession sender = seal.session(SealContract.ONE, SealContract.CLUSTER);
            SealSession receiver = theirs.session(SealContract.TWO, SealContract.CLUSTER);
            SealContract.introduce(sender, receiver);
            for (int size : new int[] {10, 4_095, 4_096, 16_384, 60_000}) {
                byte[] text = bytes(size);

                assertThat(opened(receiver, sealed(sender, text), false)).isEqualTo(text);
                assertThat(opened(receiver, sealed(sender, text), true)).isEqualTo(text);
                assertThat(opened(sender, sealed(receiver, text), true)).isEqualTo(text);
            }
        }
    }

    @Test
    void aSessionRefusesALongFrameThatWasChangedAndGoesOn() {
        AeadSeal seal = Keys.seal(Keys.master(1), CIPHERS, random, AeadSeal.PART_FRAMES);
        SealSession sender = seal.session(SealContract.ONE, SealContract.CLUSTER);
        SealSession receiver = seal.session(SealContract.TWO, SealContract.CLUSTER);
        SealContract.introduce(sender, receiver);
        byte[] text = bytes(5_000);
        ByteBuffer frame = direct(sealed(sender, text));
        for (int bit = 0; bit < frame.limit() * Byte.SIZE; bit += bit < 1_000 ? 1 : 997) {
            ByteBuffer altered = direct(frame.clear());
            altered.put(bit / Byte.SIZE, (byte) (altered.get(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE));

            assertThat(receiver.open(altered)).as("bit %s", bit).isInstanceOf(Opened.Refused.class);
        }
        // The frame itself has failed too often by now.
        assertThat(opened(receiver, sealed(sender, text), true)).isEqualTo(text);
    }

    private static ByteBuffer sealed(SealSession sender, byte[] text) {
        ByteBuffer plaintext = sender.buffer(text.length).put(text).flip();
        ByteBuffer frame = sender.buffer(text.length + sender.overheadBytes());
        sender.seal(plaintext, frame);
        assertThat(frame.hasRemaining()).isFalse();
        return frame.flip();
    }

    private static byte[] opened(SealSession receiver, ByteBuffer frame, boolean isDirect) {
        ByteBuffer read = isDirect
                ? direct(frame)
                : ByteBuffer.allocate(frame.remaining()).put(frame).flip();
        Opened opened = receiver.open(read);
        assertThat(opened).isInstanceOf(Opened.Frame.class);
        assertThat(read.hasRemaining()).isFalse();
        byte[] text = new byte[((Opened.Frame) opened).plaintext().remaining()];
        ((Opened.Frame) opened).plaintext().get(text);
        return text;
    }

    private static void assertThatIsTrue(boolean value) {
        if (!value) {
            throw new AssertionError("not authentic");
        }
    }

    private static ByteBuffer direct(byte[] bytes) {
        return direct(ByteBuffer.wrap(bytes));
    }

    private static ByteBuffer direct(ByteBuffer bytes) {
        return ByteBuffer.allocateDirect(bytes.remaining())
                .put(bytes.duplicate())
                .flip();
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
