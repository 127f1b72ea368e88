/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.totem.security.CipherSuite.Implementation;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every implementation of every suite does alike. */
class AeadTest {

    private static final int ASSOCIATED = 32;

    private final Random random = new Random(3);

    static Stream<Arguments> implementations() {
        return Arrays.stream(CipherSuite.values())
                .flatMap(suite -> suite.implementations().stream()
                        .map(implementation -> Arguments.of(implementation.name(), implementation, suite)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("implementations")
    void opensWhatAnyOtherOfItsSuiteSealed(String name, Implementation opener, CipherSuite suite) {
        for (Implementation sealer : suite.implementations()) {
            Aead sealing = sealer.factory().create(Keys.key(1));
            Aead opening = opener.factory().create(Keys.key(1));
            for (int size : new int[] {0, 1, 15, 16, 17, 63, 64, 65, 1_400, 65_000}) {
                byte[] nonce = bytes(Aead.NONCE_BYTES);
                byte[] text = bytes(size);
                byte[] message = sealed(sealing, nonce, text);
                byte[] opened = new byte[size];

                assertThat(opening.open(nonce, message, 5, ASSOCIATED, message.length - 5, opened))
                        .as("%s bytes of %s", size, sealer.name())
                        .isTrue();
                assertThat(opened).isEqualTo(text);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("implementations")
    void sealsWhereTheTextLies(String name, Implementation implementation, CipherSuite suite) {
        byte[] nonce = bytes(Aead.NONCE_BYTES);
        byte[] text = bytes(777);
        byte[] apart = new byte[ASSOCIATED + text.length + Aead.TAG_BYTES];
        byte[] inPlace = apart.clone();
        System.arraycopy(text, 0, inPlace, ASSOCIATED, text.length);

        implementation.factory().create(Keys.key(1)).seal(nonce, text, 0, text.length, apart, 0, ASSOCIATED);
        implementation
                .factory()
                .create(Keys.key(1))
                .seal(nonce, inPlace, ASSOCIATED, text.length, inPlace, 0, ASSOCIATED);

        assertThat(inPlace).isEqualTo(apart);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("implementations")
    void refusesEveryFlippedBitAndEveryTruncation(String name, Implementation implementation, CipherSuite suite) {
        Aead aead = implementation.factory().create(Keys.key(1));
        byte[] nonce = bytes(Aead.NONCE_BYTES);
        byte[] whole = Arrays.copyOfRange(sealed(aead, nonce, bytes(70)), 5, 5 + ASSOCIATED + 70 + Aead.TAG_BYTES);
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
            byte[] altered = whole.clone();
            altered[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);

            assertThat(aead.open(nonce, altered, 0, ASSOCIATED, altered.length, new byte[70]))
                    .as("bit %s", bit)
                    .isFalse();
        }
        for (int length = ASSOCIATED + Aead.TAG_BYTES; length < whole.length; length++) {
            byte[] text = new byte[length - ASSOCIATED - Aead.TAG_BYTES];

            assertThat(aead.open(nonce, whole, 0, ASSOCIATED, length, text))
                    .as("%s bytes", length)
                    .isFalse();
        }
        for (int bit = 0; bit < nonce.length * Byte.SIZE; bit++) {
            byte[] other = nonce.clone();
            other[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);

            assertThat(aead.open(other, whole, 0, ASSOCIATED, whole.length, new byte[70]))
                    .as("bit %s of the nonce", bit)
                    .isFalse();
        }
        assertThat(aead.open(nonce, whole, 0, ASSOCIATED, whole.length, new byte[70]))
                .isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("implementations")
    void doesNotSealOrDecryptOnceClosed(String name, Implementation implementation, CipherSuite suite) {
        Aead aead = implementation.factory().create(Keys.key(1));
        byte[] nonce = bytes(Aead.NONCE_BYTES);
        byte[] message = sealed(aead, nonce, bytes(10));
        aead.close();

        assertThatThrownBy(() -> sealed(aead, nonce, bytes(10))).isInstanceOf(IllegalStateException.class);
        byte[] opened = new byte[10];
        try {
            assertThat(aead.open(nonce, message, 5, ASSOCIATED, message.length - 5, opened))
                    .isFalse();
        } catch (IllegalStateException closed) {
            assertThat(opened).containsOnly(0);
        }
    }

    static Stream<Arguments> withoutGarbage() {
        return Stream.of(
                        new Implementation("AES-256-GCM", CtrGcmAead::new),
                        new Implementation("ChaCha20-Poly1305", ChaChaPolyAead::new),
                        new Implementation("SOBER-128 and HMAC-SHA1", SoberHmacAead::new))
                .map(implementation -> Arguments.of(implementation.name(), implementation.factory()));
    }

    /** Objects that only the compiler removes count too: this is about what the code asks for. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("withoutGarbage")
    void allocatesNothingAPacket(String name, Aead.Factory factory) {
        Aead sealing = factory.create(Keys.key(1));
        Aead opening = factory.create(Keys.key(1));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] nonce = new byte[Aead.NONCE_BYTES];
        byte[] text = bytes(1_400);
        byte[] message = new byte[ASSOCIATED + text.length + Aead.TAG_BYTES];
        long before = 0;
        for (int packet = 0; packet < 1_100; packet++) {
            if (packet == 100) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            nonce[packet % Aead.NONCE_BYTES]++;
            sealing.seal(nonce, text, 0, text.length, message, 0, ASSOCIATED);
            opening.open(nonce, message, 0, ASSOCIATED, message.length, text);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes for 1,000 packets; the counting and the JVM itself take some")
                .isLessThan(8 * 1_000);
    }

    private byte[] sealed(Aead aead, byte[] nonce, byte[] text) {
        byte[] message = bytes(5 + ASSOCIATED + text.length + Aead.TAG_BYTES);
        aead.seal(nonce, text, 0, text.length, message, 5, ASSOCIATED);
        return message;
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
