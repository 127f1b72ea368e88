/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class GuardTest {

    /** Appendix A of the paper of SipHash: key and text count from 0. */
    @Test
    void isSipHashAsPublished() {
        assertThat(new Guard(SecretKey.owning(counting(32))).hash(counting(15), 0, 15))
                .isEqualTo(0xa129ca6149be45e5L);
    }

    @Test
    void isSipHashOfAnotherImplementation() {
        Random random = new Random(2);
        for (int length = 0; length < 100; length++) {
            byte[] key = new byte[SecretKey.BYTES];
            byte[] text = new byte[3 + length];
            random.nextBytes(key);
            random.nextBytes(text);
            SipHash other = new SipHash();
            other.init(new KeyParameter(key, 0, 16));
            other.update(text, 3, length);

            assertThat(new Guard(SecretKey.owning(key.clone())).hash(text, 3, length))
                    .as("%s bytes", length)
                    .isEqualTo(other.doFinal());
        }
    }

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
