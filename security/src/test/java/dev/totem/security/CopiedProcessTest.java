/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static dev.totem.security.SealContract.CLUSTER;
import static dev.totem.security.SealContract.ONE;
import static dev.totem.security.SealContract.TWO;
import static dev.totem.security.SealContract.introduce;
import static dev.totem.security.SealContract.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process whose memory was copied: two go on from the same keys, the same counter and the same random generator. */
@Tag("F9")
class CopiedProcessTest {

    private static final int TEXT = 100;

    /** Two calls give a session and what a snapshot of it is when it is set going. */
    private static SealSession restored(Aead.Factory ciphers) {
        return Keys.seal(Keys.master(1), ciphers, new Random(9), AeadSeal.PART_FRAMES)
                .session(ONE, CLUSTER);
    }

    @Test
    void whoHearsACopyOfItselfGoesOnAsAnotherLife() {
        NonceLedger ledger = new NonceLedger(JceAead::new);
        SealSession original = restored(ledger::cipher);
        SealSession copy = restored(JceAead::new);
        ByteBuffer ahead = sealed(original, new byte[TEXT]);

        assertThat(copy.open(ahead.duplicate())).isEqualTo(new Opened.Refused(OpenFailure.COPIED));

        ByteBuffer after = sealed(copy, new byte[TEXT]);
        assertThat(SealHeader.lifeAt(after, 0)).isNotEqualTo(SealHeader.lifeAt(ahead, 0));
        assertThat(copy.open(ahead)).as("heard again").isNotEqualTo(new Opened.Refused(OpenFailure.COPIED));
    }

    @Test
    void copiesThatAreSetBackAtOnceBecomeDifferentLives() {
        SealSession one = restored(JceAead::new);
        SealSession other = restored(JceAead::new);

        one.renew();
        other.renew();

        assertThat(SealHeader.lifeAt(sealed(one, new byte[TEXT]), 0))
                .isNotEqualTo(SealHeader.lifeAt(sealed(other, new byte[TEXT]), 0));
    }

    @Test
    void aNewLifeIsHeardWhenItHasProven() {
        NonceLedger ledger = new NonceLedger(JceAead::new);
        AeadSeal seal = Keys.seal(Keys.master(1), ledger::cipher, new Random(3), AeadSeal.PART_FRAMES);
        SealSession one = seal.session(ONE, CLUSTER);
        SealSession two = seal.session(TWO, CLUSTER);
        introduce(one, two);

        one.renew();

        introduce(one, two);
        assertThat(ledger.sealed()).isGreaterThan(4);
    }

    @Test
    void nobodyWithoutTheKeyCanBringItAbout() {
        SealSession session = restored(JceAead::new);
        ByteBuffer frame = sealed(session, new byte[TEXT]);
        long life = SealHeader.lifeAt(frame, 0);
        assertThat(session.open(frame.duplicate())).as("an echo").isEqualTo(new Opened.Refused(OpenFailure.REPLAYED));
        for (long counter = 1; counter < 1_000; counter++) {
            assertThat(session.open(frame.duplicate().putLong(24, counter)))
                    .isNotEqualTo(new Opened.Refused(OpenFailure.COPIED));
        }

        assertThat(SealHeader.lifeAt(sealed(session, new byte[TEXT]), 0)).isEqualTo(life);
    }

    /** What repeats with GCM gives away the text and the key of the tags; here only that two texts are the same. */
    @Test
    void withAesGcmSivARepeatedNonceTellsNoMoreThanThatTextsAreTheSame() {
        byte[] nonce = new byte[Aead.NONCE_BYTES];
        byte[] zeros = new byte[64];
        byte[] one = zeros.clone();
        one[63] = 1;

        assertThat(difference(GcmSivAead::new, nonce, zeros, one)).isGreaterThan(32);
        assertThat(difference(GcmSivAead::new, nonce, zeros, zeros)).isZero();
        assertThat(difference(JceAead::new, nonce, zeros, one)).as("GCM").isEqualTo(1);
    }

    /** In how many bytes the ciphertexts of two texts differ. */
    private static int difference(Aead.Factory ciphers, byte[] nonce, byte[] one, byte[] other) {
        byte[] first = new byte[one.length + Aead.TAG_BYTES];
        byte[] second = first.clone();
        ciphers.create(Keys.key(1)).seal(nonce, one, 0, one.length, first, 0, 0);
        ciphers.create(Keys.key(1)).seal(nonce, other, 0, other.length, second, 0, 0);
        int difference = 0;
        for (int i = 0; i < one.length; i++) {
            difference += first[i] != second[i] ? 1 : 0;
        }
        return difference;
    }
}
