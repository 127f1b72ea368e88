/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SenderLivesTest {

    private final SenderLives lives = new SenderLives(3);

    @Test
    void findsWhatWasAdded() {
        Aead cipher = cipher();
        assertThat(lives.find(1, 10)).isEmpty();

        lives.add(1, 10, cipher);

        assertThat(lives.find(1, 10)).contains(cipher);
        assertThat(lives.find(1, 11)).isEmpty();
        assertThat(lives.find(2, 10)).isEmpty();
        assertThat(lives.find(1, 10)).contains(cipher);
    }

    @Test
    void forgetsAndWipesTheLongestSilentLife() {
        Aead second = cipher();
        lives.add(1, 1, cipher());
        lives.add(2, 2, second);
        lives.add(3, 3, cipher());
        lives.find(1, 1);

        lives.add(4, 4, cipher());

        assertThat(lives.size()).isEqualTo(3);
        assertThat(lives.find(2, 2)).isEmpty();
        assertThat(lives.find(1, 1)).isPresent();
        assertClosed(second);
    }

    @Test
    void wipesAllWhenClosed() {
        Aead cipher = cipher();
        lives.add(1, 1, cipher);

        lives.close();

        assertThat(lives.find(1, 1)).isEmpty();
        assertClosed(cipher);
    }

    private static Aead cipher() {
        return new JceAead(Keys.key(1));
    }

    private static void assertClosed(Aead cipher) {
        assertThatThrownBy(() -> cipher.seal(new byte[12], new byte[0], 0, 0, new byte[16], 0, 0))
                .isInstanceOf(IllegalStateException.class);
    }
}
