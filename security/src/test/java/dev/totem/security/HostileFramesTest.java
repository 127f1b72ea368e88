/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static dev.totem.security.SealContract.CLUSTER;
import static dev.totem.security.SealContract.ONE;
import static dev.totem.security.SealContract.TWO;
import static dev.totem.security.SealContract.introduce;
import static dev.totem.security.SealContract.reply;
import static dev.totem.security.SealContract.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import dev.totem.core.spi.SealSession.ProofStep;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What somebody without the key can make a session do who has recorded frames. */
class HostileFramesTest {

    private static final int TEXT = 100;

    private final Random random = new Random(22);
    private final CountingCiphers ciphers = new CountingCiphers();
    private final AeadSeal seal = Keys.seal(Keys.master(1), ciphers, random, AeadSeal.PART_FRAMES);
    private final SealSession one = seal.session(ONE, CLUSTER);
    private final SealSession two = seal.session(TWO, CLUSTER);

    /** Counts how often a cipher is asked to open. */
    private static final class CountingCiphers implements Aead.Factory {

        private int opened;

        @Override
        public Aead create(SecretKey key) {
            Aead cipher = new JceAead(key);
            return new Aead() {

                @Override
                public void seal(byte[] nonce, byte[] text, int from, int length, byte[] message, int at, int clear) {
                    cipher.seal(nonce, text, from, length, message, at, clear);
                }

                @Override
                public boolean open(byte[] nonce, byte[] message, int at, int clear, int length, byte[] text) {
                    opened++;
                    return cipher.open(nonce, message, at, clear, length, text);
                }

                @Override
                public void close() {
                    cipher.close();
                }
            };
        }
    }

    @Test
    @Tag("F3")
    void headersOfAnEndedLifeWithWrongTagsCostLittleHoweverManyCome() {
        ByteBuffer first = sealed(one, new byte[TEXT]);
        ByteBuffer second = spoilt(sealed(one, new byte[TEXT]));
        one.close();
        two.open(first);
        int before = ciphers.opened;

        for (int i = 0; i < 100_000; i++) {
            two.readAt(TimeUnit.SECONDS.toNanos(1) + i * 10_000L);
            two.open(second.duplicate());
        }

        assertThat(ciphers.opened - before).as("in a second").isLessThanOrEqualTo(FailedFrames.TRIES_MAX);
    }

    @Test
    @Tag("F3")
    void headersOfALifeNeverHeardWithWrongTagsAreNotInTheWayOfANewLife() {
        ByteBuffer spoilt = spoilt(sealed(one, new byte[TEXT]));
        one.close();
        SealSession young = seal.session(NodeId.of(3), CLUSTER);

        for (int i = 0; i < 100_000; i++) {
            two.readAt(TimeUnit.SECONDS.toNanos(1) + i * 10_000L);
            two.open(spoilt.duplicate());
        }

        assertThat(ciphers.opened).as("in a second").isLessThanOrEqualTo(FailedFrames.TRIES_MAX);
        assertThat(reply(two.open(sealed(young, new byte[TEXT])))).isPresent();
    }

    @Test
    @Tag("F3")
    void manyHeadersThatAMemberMissedCostAnAllowanceASecond() {
        introduce(one, two);
        List<ByteBuffer> missed = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            missed.add(spoilt(sealed(one, new byte[TEXT])));
        }
        int before = ciphers.opened;

        for (int i = 0; i < 100_000; i++) {
            two.readAt(i * 10_000L);
            two.open(missed.get(i % missed.size()).duplicate());
        }

        assertThat(ciphers.opened - before).as("in a second").isLessThan(missed.size() + 1_000);
        assertThat(two.open(sealed(one, new byte[TEXT]))).as("what follows").isInstanceOf(Opened.Frame.class);
    }

    @Test
    @Tag("F3")
    void whoOvertakesEveryFrameOfAMemberWithAWrongTagDoesNotSilenceIt() {
        introduce(one, two);
        for (int i = 0; i < 10_000; i++) {
            ByteBuffer frame = sealed(one, new byte[TEXT]);
            two.open(spoilt(frame));
            two.open(spoilt(frame));

            assertThat(two.open(frame)).isInstanceOf(Opened.Frame.class);
        }
    }

    @Test
    @Tag("F1")
    void aMemberAnswersWhereItIsAskedAndTheSameLifeStaysProven() {
        introduce(one, two);
        ByteBuffer question = copy(two.challenge(ONE).orElseThrow());

        ByteBuffer answer = reply(one.open(question)).orElseThrow();

        assertThat(two.open(answer)).isInstanceOfSatisfying(Opened.Proof.class, proof -> {
            assertThat(proof.step()).isEqualTo(ProofStep.PATHS_PROVEN);
            assertThat(proof.transmitter()).isEqualTo(ONE);
            assertThat(proof.reply()).isEmpty();
        });
        assertThat(two.open(sealed(one, new byte[TEXT]))).isInstanceOf(Opened.Frame.class);
    }

    @Test
    @Tag("F1")
    void aRecordedAnswerProvesNoPath() {
        introduce(one, two);
        ByteBuffer answer =
                reply(one.open(copy(two.challenge(ONE).orElseThrow()))).orElseThrow();
        two.open(answer.duplicate());

        assertThat(two.open(answer)).isInstanceOf(Opened.Refused.class);
        assertThat(two.challenge(NodeId.of(3)))
                .as("of a node that nobody knows")
                .isEmpty();
    }

    @Test
    @Tag("F7")
    void ofARingOneMemberAsksForEachRecordedFrame() {
        List<SealSession> ring = new ArrayList<>();
        for (int member = 0; member < 5; member++) {
            ring.add(seal.session(NodeId.of(10 + member), CLUSTER));
            ring.get(member).turn(member, 5);
        }
        List<ByteBuffer> recording = new ArrayList<>();
        for (int life = 0; life < 20; life++) {
            SealSession ended = seal.session(ONE, CLUSTER);
            for (int i = 0; i < 5; i++) {
                recording.add(sealed(ended, new byte[TEXT]));
            }
            ended.close();
        }

        int challenges = 0;
        for (ByteBuffer frame : recording) {
            for (SealSession member : ring) {
                challenges += reply(member.open(frame.duplicate())).isPresent() ? 1 : 0;
            }
        }

        assertThat(challenges).isPositive().isLessThanOrEqualTo(recording.size());
    }

    @Test
    @Tag("F7")
    void aNewLifeIsSoonKnownToAllOfARingAllTheSame() {
        List<SealSession> ring = new ArrayList<>();
        for (int member = 0; member < 5; member++) {
            ring.add(seal.session(NodeId.of(10 + member), CLUSTER));
            ring.get(member).turn(member, 5);
        }
        // It hears them and asks itself, as it is alone.
        for (SealSession member : ring) {
            introduce(member, one);
            assertThat(member.open(sealed(one, new byte[TEXT]))).isInstanceOf(Opened.Frame.class);
        }
    }

    private static ByteBuffer spoilt(ByteBuffer frame) {
        ByteBuffer spoilt = copy(frame);
        spoilt.put(spoilt.limit() - 1, (byte) ~spoilt.get(spoilt.limit() - 1));
        assertThat(SealHeader.counterAt(spoilt, 0)).isEqualTo(SealHeader.counterAt(frame, 0));
        return spoilt;
    }

    private static ByteBuffer copy(ByteBuffer frame) {
        return ByteBuffer.wrap(SealContract.bytes(frame));
    }
}
