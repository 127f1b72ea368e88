/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.DataLengthException;
import org.bouncycastle.crypto.OutputLengthException;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Sober128EngineTest {

    private static final byte[] KEY = "test key 128bits".getBytes(StandardCharsets.US_ASCII);

    /** The vector of the published reference code. */
    @Test
    void makesThePublishedKeyStream() {
        Sober128Engine cipher = cipher(KEY, new byte[4]);

        assertThat(HexFormat.of().formatHex(stream(cipher, 20))).isEqualTo("43500ccf89919f1daa377495f4b458c240378bbb");
    }

    @Test
    void makesTheSameKeyStreamInPiecesOfAnyLength() {
        Random random = new Random(7);
        byte[] whole = stream(cipher(KEY, new byte[12]), 5_000);
        for (int round = 0; round < 20; round++) {
            Sober128Engine cipher = cipher(KEY, new byte[12]);
            byte[] pieces = new byte[whole.length];
            for (int at = 0; at < pieces.length; ) {
                int length = Math.min(random.nextInt(40), pieces.length - at);
                if (length == 1) {
                    pieces[at] = cipher.returnByte(pieces[at]);
                } else {
                    cipher.processBytes(pieces, at, length, pieces, at);
                }
                at += length;
            }
            assertThat(pieces).isEqualTo(whole);
        }
    }

    @Test
    void decryptsWhatItEncrypted() {
        byte[] text = "any text, here or there".getBytes(StandardCharsets.US_ASCII);
        byte[] encrypted = new byte[text.length + 3];
        byte[] decrypted = new byte[text.length];

        cipher(KEY, new byte[12]).processBytes(text, 0, text.length, encrypted, 3);
        cipher(KEY, new byte[12]).processBytes(encrypted, 3, text.length, decrypted, 0);

        assertThat(decrypted).isEqualTo(text);
        assertThat(Arrays.copyOfRange(encrypted, 3, encrypted.length)).isNotEqualTo(text);
    }

    @Test
    void keepsItsKeyForAnotherIv() {
        byte[] iv = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        Sober128Engine cipher = cipher(KEY, new byte[12]);
        stream(cipher, 999);

        cipher.init(true, new ParametersWithIV(null, iv));

        byte[] expected = stream(cipher(KEY, iv), 100);
        assertThat(stream(cipher, 100)).isEqualTo(expected).isNotEqualTo(stream(cipher(KEY, new byte[12]), 100));
        cipher.reset();
        assertThat(stream(cipher, 100)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5, 20})
    void refusesKeysAndIvsOfOtherLengths(int length) {
        assertThatThrownBy(() -> cipher(new byte[length], new byte[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key");
        assertThatThrownBy(() -> cipher(KEY, new byte[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("IV");
    }

    @Test
    void needsAKeyAndAnIv() {
        Sober128Engine cipher = new Sober128Engine();
        ParametersWithIV ivOnly = new ParametersWithIV(null, new byte[4]);

        assertThatThrownBy(() -> cipher.init(true, new KeyParameter(KEY))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cipher.init(true, ivOnly)).isInstanceOf(IllegalStateException.class);
        cipher.init(true, new ParametersWithIV(new KeyParameter(KEY), new byte[4]));
        cipher.erase();
        assertThatThrownBy(() -> cipher.init(true, ivOnly)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToReadOrWritePastAnArray() {
        Sober128Engine cipher = cipher(KEY, new byte[4]);

        assertThatThrownBy(() -> cipher.processBytes(new byte[9], 1, 9, new byte[20], 0))
                .isInstanceOf(DataLengthException.class);
        assertThatThrownBy(() -> cipher.processBytes(new byte[9], 0, 9, new byte[9], 1))
                .isInstanceOf(OutputLengthException.class);
    }

    private static Sober128Engine cipher(byte[] key, byte[] iv) {
        Sober128Engine cipher = new Sober128Engine();
        cipher.init(true, new ParametersWithIV(new KeyParameter(key), iv));
        return cipher;
    }

    private static byte[] stream(Sober128Engine cipher, int length) {
        byte[] stream = new byte[length];
        cipher.processBytes(stream, 0, length, stream, 0);
        return stream;
    }
}
