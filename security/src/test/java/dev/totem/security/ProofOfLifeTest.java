/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static dev.totem.security.SealContract.CLUSTER;
import static dev.totem.security.SealContract.ONE;
import static dev.totem.security.SealContract.TWO;
import static dev.totem.security.SealContract.bytes;
import static dev.totem.security.SealContract.introduce;
import static dev.totem.security.SealContract.reply;
import static dev.totem.security.SealContract.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import dev.totem.core.spi.SealSession.ProofStep;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a life is heard for the first time, and what a recording can do about it. */
class ProofOfLifeTest {

    private static final Opened REPLAYED = new Opened.Refused(OpenFailure.REPLAYED);
    private static final Opened UNPROVEN = new Opened.Refused(OpenFailure.UNPROVEN);

    /** As long as the shortest message of the protocol. */
    private static final int SHORTEST = 26;

    private final Random random = new Random(4);
    private final AeadSeal seal = Keys.seal(Keys.master(1), JceAead::new, random, AeadSeal.PART_FRAMES);
    private final SealSession one = seal.session(ONE, CLUSTER);
    private final SealSession two = seal.session(TWO, CLUSTER);

    @Test
    void strangersKnowEachOtherAfterOneChallengeAndTwoAnswers() {
        ByteBuffer challenge = asked(two.open(sealed(one, text(SHORTEST))));
        Opened answered = one.open(challenge);
        Opened proven = two.open(reply(answered).orElseThrow());
        Opened provenToo = one.open(reply(proven).orElseThrow());

        assertThat(step(answered)).isEqualTo(ProofStep.CHALLENGES_ANSWERED);
        assertThat(step(proven)).isEqualTo(ProofStep.LIVES_PROVEN);
        assertThat(step(provenToo)).isEqualTo(ProofStep.LIVES_PROVEN);
        assertThat(reply(provenToo)).isEmpty();
        assertThat(two.open(sealed(one, text(0)))).isInstanceOf(Opened.Frame.class);
        assertThat(one.open(sealed(two, text(0)))).isInstanceOf(Opened.Frame.class);
    }

    @Test
    void answersAreNotLargerThanWhatTheyAnswer() {
        ByteBuffer first = sealed(one, text(SHORTEST));
        ByteBuffer challenge = asked(two.open(first.duplicate()));
        ByteBuffer answer = reply(one.open(challenge.duplicate())).orElseThrow();
        ByteBuffer last = reply(two.open(answer.duplicate())).orElseThrow();

        assertThat(challenge.remaining()).isLessThanOrEqualTo(first.remaining());
        assertThat(answer.remaining()).isLessThanOrEqualTo(challenge.remaining());
        assertThat(last.remaining()).isLessThanOrEqualTo(answer.remaining());
        assertThat(two.open(sealed(seal.session(NodeId.of(3), CLUSTER), text(ProofText.BYTES - 1))))
                .isEqualTo(UNPROVEN);
    }

    @Test
    void aFrameOpensOnce() {
        introduce(one, two);
        List<ByteBuffer> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            frames.add(sealed(one, text(i)));
        }
        Collections.shuffle(frames, random);

        frames.forEach(frame -> assertThat(two.open(frame.duplicate())).isInstanceOf(Opened.Frame.class));

        Collections.shuffle(frames, random);
        frames.forEach(frame -> assertThat(two.open(frame.duplicate())).isEqualTo(REPLAYED));
    }

    @Test
    void nothingThatWasSealedBeforeTheProofOpensAfterIt() {
        List<ByteBuffer> before = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            before.add(sealed(one, text(SHORTEST)));
        }

        introduce(one, two);

        before.forEach(frame -> assertThat(two.open(frame.duplicate())).isEqualTo(REPLAYED));
    }

    @Test
    void aRecordingOfADeadLifeOpensNowhere() {
        List<ByteBuffer> recording = new ArrayList<>();
        record(one, two, recording);
        for (int i = 0; i < 200; i++) {
            recording.add(sealed(i % 2 == 0 ? one : two, text(100)));
        }
        one.close();
        two.close();

        SealSession three = seal.session(NodeId.of(3), CLUSTER);
        SealSession again = seal.session(TWO, CLUSTER);
        introduce(three, again);
        for (int round = 0; round < 5; round++) {
            for (ByteBuffer frame : recording) {
                for (SealSession session : List.of(three, again)) {
                    session.readAt(TimeUnit.MILLISECONDS.toNanos(random.nextInt(100_000)));
                    Opened opened = session.open(frame.duplicate());
                    assertThat(opened).isNotInstanceOf(Opened.Frame.class);
                    assertThat(opened).isNotEqualTo(new Opened.Proof(ONE, ProofStep.LIVES_PROVEN, Optional.empty()));
                }
            }
            Collections.shuffle(recording, random);
        }
        assertThat(again.open(sealed(three, text(1)))).isInstanceOf(Opened.Frame.class);
    }

    @Test
    void aRecordingOfTheRunningSessionOpensNowhere() {
        List<ByteBuffer> recording = new ArrayList<>();
        record(one, two, recording);
        for (int i = 0; i < 200; i++) {
            ByteBuffer frame = sealed(one, text(100));
            recording.add(frame);
            two.open(frame.duplicate());
        }
        SealSession newcomer = seal.session(NodeId.of(3), CLUSTER);
        introduce(one, newcomer);

        Collections.shuffle(recording, random);
        for (ByteBuffer frame : recording) {
            for (SealSession session : List.of(one, two, newcomer)) {
                assertThat(session.open(frame.duplicate())).isInstanceOf(Opened.Refused.class);
            }
        }
    }

    @Test
    void aFrameForOneNodeOpensAtNoOther() {
        SealSession three = seal.session(NodeId.of(3), CLUSTER);
        introduce(one, two);
        introduce(one, three);
        ByteBuffer frame = ByteBuffer.allocate(SHORTEST + one.overheadBytes());

        one.seal(TWO, ByteBuffer.wrap(text(SHORTEST)), frame);

        assertThat(three.open(frame.flip().duplicate())).isEqualTo(new Opened.Refused(OpenFailure.OTHER_RECEIVER));
        assertThat(two.open(frame)).isInstanceOf(Opened.Frame.class);
    }

    @Test
    void ignoresItsOwnFrames() {
        assertThat(one.open(sealed(one, text(SHORTEST)))).isEqualTo(REPLAYED);
    }

    @Test
    void aRecordedChallengeIsAnsweredOnce() {
        ByteBuffer challenge = asked(two.open(sealed(one, text(SHORTEST))));

        assertThat(step(one.open(challenge.duplicate()))).isEqualTo(ProofStep.CHALLENGES_ANSWERED);

        assertThat(one.open(challenge.duplicate())).isEqualTo(REPLAYED);
    }

    @Test
    void aChallengeOfAnEarlierLifeIsNotAnswered() {
        ByteBuffer challenge = asked(two.open(sealed(one, text(SHORTEST))));
        SealSession restarted = seal.session(ONE, CLUSTER);

        assertThat(restarted.open(challenge)).isEqualTo(REPLAYED);
    }

    @Test
    void anAnswerThatIsLateProvesNothing() {
        ByteBuffer challenge = asked(two.open(sealed(one, text(SHORTEST))));
        ByteBuffer answer = reply(one.open(challenge)).orElseThrow();

        two.readAt(TimeUnit.SECONDS.toNanos(3));

        assertThat(two.open(answer)).isEqualTo(new Opened.Proof(ONE, ProofStep.ANSWERS_UNUSED, Optional.empty()));
        assertThat(two.open(sealed(one, text(SHORTEST)))).isNotInstanceOf(Opened.Frame.class);
    }

    @Test
    void aLostChallengeIsRepeatedWithPausesThatGrow() {
        List<Long> askedMillis = new ArrayList<>();
        for (long millis = 0; millis < 5_000; millis++) {
            two.readAt(TimeUnit.MILLISECONDS.toNanos(millis));
            if (two.open(sealed(one, text(SHORTEST))) instanceof Opened.Proof) {
                askedMillis.add(millis);
            }
        }

        assertThat(askedMillis).startsWith(0L, 20L, 60L, 140L, 300L, 620L, 1_260L, 2_260L, 3_260L, 4_260L);
    }

    @Test
    void theOldLifeOfANodeThatRestartedIsRefused() {
        introduce(one, two);
        ByteBuffer delayed = sealed(one, text(SHORTEST));
        SealSession restarted = seal.session(ONE, CLUSTER);

        introduce(restarted, two);

        assertThat(two.open(delayed)).isNotInstanceOf(Opened.Frame.class);
        assertThat(two.open(sealed(restarted, text(1)))).isInstanceOf(Opened.Frame.class);
    }

    @Test
    void everyFlippedBitAndEveryTruncationOfEveryKindIsRefused() {
        ByteBuffer message = sealed(one, text(SHORTEST));
        ByteBuffer challenge = asked(two.open(message.duplicate()));
        ByteBuffer answer = reply(one.open(challenge.duplicate())).orElseThrow();

        for (ByteBuffer whole : List.of(challenge, answer)) {
            SealSession receiver = whole.equals(challenge) ? seal.session(NodeId.of(3), CLUSTER) : two;
            for (int bit = 0; bit < whole.limit() * Byte.SIZE; bit++) {
                byte[] altered = bytes(whole);
                altered[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                assertThat(receiver.open(ByteBuffer.wrap(altered)))
                        .as("bit %s", bit)
                        .isInstanceOf(Opened.Refused.class);
            }
            for (int length = 0; length < whole.limit(); length++) {
                ByteBuffer cut = ByteBuffer.wrap(bytes(whole)).limit(length);
                assertThat(receiver.open(cut.duplicate())).isInstanceOf(Opened.Refused.class);
                if (length >= SealHeader.BYTES) {
                    assertThat(receiver.open(cut.putShort(4, (short) length))).isInstanceOf(Opened.Refused.class);
                }
            }
        }
        // The answer itself has failed too often by now: the life is asked again, and answers again.
        two.readAt(TimeUnit.SECONDS.toNanos(5));
        ByteBuffer again = asked(two.open(sealed(one, text(SHORTEST))));
        assertThat(step(two.open(reply(one.open(again)).orElseThrow()))).isEqualTo(ProofStep.LIVES_PROVEN);
    }

    @Test
    void aNewLifeGetsInWhileRecordingsOfManyDeadOnesPourIn() {
        List<ByteBuffer> recording = new ArrayList<>();
        for (int life = 0; life < 900; life++) {
            SealSession dead = seal.session(NodeId.of(1 + life % 3), CLUSTER);
            for (int i = 0; i < 3; i++) {
                recording.add(sealed(dead, text(100)));
            }
            dead.close();
        }
        SealSession young = seal.session(ONE, CLUSTER);
        List<ByteBuffer> underWay = new ArrayList<>();
        boolean isHeard = false;
        int datagrams = 0;
        for (; datagrams < 500_000 && !isHeard; datagrams++) {
            two.readAt(datagrams * 20_000L);
            two.open(recording.get(datagrams % recording.size()).duplicate());
            if (datagrams % 2_500 == 0) {
                Opened opened = two.open(sealed(young, text(SHORTEST)));
                isHeard = opened instanceof Opened.Frame;
                reply(opened).ifPresent(underWay::add);
            }
            if (!underWay.isEmpty()) {
                reply(young.open(underWay.remove(0))).ifPresent(two::open);
            }
        }

        assertThat(isHeard).as("within ten seconds of 50,000 datagrams").isTrue();
    }

    @Test
    void challengesAndAnswersHaveARateThatIsTheLimitOfAllLivesTogether() {
        int replies = 0;
        for (int life = 0; life < 5_000; life++) {
            SealSession each = seal.session(NodeId.of(10 + life), CLUSTER);
            replies += reply(two.open(sealed(each, text(SHORTEST)))).isPresent() ? 1 : 0;
            each.close();
        }

        assertThat(replies).isLessThanOrEqualTo(2_048).isGreaterThan(500);
    }

    private static void record(SealSession from, SealSession to, List<ByteBuffer> recording) {
        ByteBuffer next = sealed(from, text(SHORTEST));
        SealSession receiver = to;
        for (Optional<ByteBuffer> reply = Optional.of(next); reply.isPresent(); ) {
            recording.add(reply.get().duplicate());
            reply = reply(receiver.open(reply.get()));
            receiver = receiver == to ? from : to;
        }
    }

    private static ByteBuffer asked(Opened opened) {
        assertThat(step(opened)).isEqualTo(ProofStep.LIVES_CHALLENGED);
        return reply(opened).orElseThrow();
    }

    private static ProofStep step(Opened opened) {
        assertThat(opened).isInstanceOf(Opened.Proof.class);
        return ((Opened.Proof) opened).step();
    }

    private static byte[] text(int size) {
        return new byte[size];
    }
}
