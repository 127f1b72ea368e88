/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class KeyDerivationTest {

    /** RFC 5869, 2.2 and 2.3, with the JDK's HMAC: one block is all that a key of 32 bytes needs. */
    @Test
    void isHkdfOfSuiteClusterNodeAndLife() throws GeneralSecurityException {
        byte[] extracted = hmac(
                "totem-evs seal 1".getBytes(StandardCharsets.US_ASCII),
                Keys.key(1).copyBytes());
        byte[] info = ByteBuffer.allocate(2 + 11 + 2 + 5 + 4 + 8 + 4 + 1)
                .putShort((short) 11)
                .put("aes-256-gcm".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 5)
                .put("totem".getBytes(StandardCharsets.US_ASCII))
                .putInt(7)
                .putLong(-9)
                .putInt(3)
                .put((byte) 1)
                .array();

        assertThat(key(1, "aes-256-gcm", "totem", 7, -9, 3)).isEqualTo(hmac(extracted, info));
    }

    @Test
    void differsWithEachOfItsInputs() {
        assertThat(List.of(
                        ByteBuffer.wrap(key(1, "suite", "totem", 7, 9, 0)),
                        ByteBuffer.wrap(key(2, "suite", "totem", 7, 9, 0)),
                        ByteBuffer.wrap(key(1, "suit", "etotem", 7, 9, 0)),
                        ByteBuffer.wrap(key(1, "suite", "totem ", 7, 9, 0)),
                        ByteBuffer.wrap(key(1, "suite", "totem", 8, 9, 0)),
                        ByteBuffer.wrap(key(1, "suite", "totem", 7, 10, 0)),
                        ByteBuffer.wrap(key(1, "suite", "totem", 7, 9, 1)),
                        ByteBuffer.wrap(new KeyDerivation(Keys.key(1), "suite", "totem")
                                .guardKey()
                                .copyBytes())))
                .doesNotHaveDuplicates();
    }

    @Test
    void isTheSameEachTime() {
        KeyDerivation keys = new KeyDerivation(Keys.key(1), "suite", "totem");
        byte[] first = keys.keyOf(1, 1, 0).copyBytes();
        keys.guardKey();

        assertThat(keys.keyOf(1, 1, 0).copyBytes()).isEqualTo(first);
    }

    @Test
    void givesNothingOnceErased() {
        KeyDerivation keys = new KeyDerivation(Keys.key(1), "suite", "totem");

        keys.erase();

        assertThatThrownBy(() -> keys.keyOf(1, 1, 0)).isInstanceOf(IllegalStateException.class);
    }

    private static byte[] key(int master, String suite, String cluster, int node, long life, int part) {
        return new KeyDerivation(Keys.key(master), suite, cluster)
                .keyOf(node, life, part)
                .copyBytes();
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }
}
