/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.NodeId;
import org.junit.jupiter.api.Test;

class SenderLivesTest {

    private final SenderLives lives = new SenderLives(3);

    @Test
    void findsWhatWasAdded() {
        assertThat(lives.find(1, 10)).isNull();

        SenderLife life = added(1, 10);

        assertThat(lives.find(1, 10)).isSameAs(life);
        assertThat(lives.find(1, 11)).isNull();
        assertThat(lives.find(2, 10)).isNull();
    }

    @Test
    void findsALifeAfterItsProof() {
        SenderLife life = proven(1, 10);
        proven(2, 10);

        assertThat(lives.find(1, 10)).isSameAs(life);
        assertThat(life.isProven()).isTrue();
    }

    @Test
    void doubtsALifeWhenAnotherOfItsNodeHasProven() {
        SenderLife old = proven(1, 10);
        old.mark(50);

        SenderLife young = proven(1, 11);

        assertThat(lives.find(1, 10)).isSameAs(old);
        assertThat(old.isProven()).isFalse();
        assertThat(old.isFresh(50)).isFalse();
        assertThat(young.isProven()).isTrue();
    }

    @Test
    void forgetsAndWipesTheLongestSilentProvenLife() {
        proven(1, 1);
        Aead second = cipher();
        proven(2, 2).add(1, 0, second);
        proven(3, 3);
        lives.find(1, 1);

        proven(4, 4);

        assertThat(lives.find(2, 2)).isNull();
        assertThat(lives.find(1, 1)).isNotNull();
        assertClosed(second);
    }

    @Test
    void forgetsUnprovenLivesBeforeAnyProvenOne() {
        SenderLife member = proven(1, 1);
        Aead cipher = cipher();
        added(2, 0).add(1, 0, cipher);
        for (int life = 1; life < 1_000; life++) {
            added(2, life);
        }

        assertThat(lives.size()).isEqualTo(4);
        assertThat(lives.find(1, 1)).isSameAs(member);
        assertClosed(cipher);
    }

    @Test
    void wipesAllWhenClosed() {
        Aead first = cipher();
        Aead second = cipher();
        added(1, 1).add(1, 0, first);
        proven(2, 1).add(1, 0, second);

        lives.close();

        assertThat(lives.find(1, 1)).isNull();
        assertClosed(first);
        assertClosed(second);
    }

    @Test
    void wipesWhatBelongsToAKeyThatIsRetired() {
        Aead old = cipher();
        Aead young = cipher();
        SenderLife life = proven(1, 1);
        life.add(1, 0, old);
        life.add(2, 0, young);

        lives.forget(1);

        assertClosed(old);
        assertThat(life.cipher(1, 0)).isNull();
        assertThat(life.cipher(2, 0)).isSameAs(young);
    }

    private SenderLife added(int node, long number) {
        SenderLife life = new SenderLife(NodeId.of(node), number);
        lives.add(life);
        return life;
    }

    private SenderLife proven(int node, long number) {
        SenderLife life = added(node, number);
        lives.prove(life, 0);
        return life;
    }

    private static Aead cipher() {
        return new JceAead(Keys.key(1));
    }

    private static void assertClosed(Aead cipher) {
        assertThatThrownBy(() -> cipher.seal(new byte[12], new byte[0], 0, 0, new byte[16], 0, 0))
                .isInstanceOf(IllegalStateException.class);
    }
}
