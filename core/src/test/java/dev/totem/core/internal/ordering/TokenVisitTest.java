/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.Crafted.seqs;
import static dev.totem.core.internal.paper.Crafted.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingId;
import dev.totem.core.Settings;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.paper.Crafted.TokenDraft;
import dev.totem.core.internal.settings.FlowLimits;
import dev.totem.core.internal.settings.NodeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps of {@code PROTOCOL.md} 4.1 that are one visit, at node 2 of a ring of three. */
class TokenVisitTest {

    private static final RingId RING = ring(1, 8);
    private static final FlowLimits LIMITS = NodeSettings.defaults()
            .with(Settings.WINDOW_SIZE, 16)
            .with(Settings.MAX_MESSAGES, 6)
            .with(Settings.STORE_FRAMES, 64)
            .flow();

    private static final long ROTATION_MAX = 125_000_000;

    private final RingOrder order = new RingOrder(RING, origin(2), LIMITS, ROTATION_MAX);
    private final List<OrderedMessage> sent = new ArrayList<>();
    private int waiting;
    private long hop;

    private final Origination source = new Origination() {
        @Override
        public int backlog() {
            return waiting;
        }

        @Override
        public Optional<OrderedMessage> next(long seq) {
            return waiting-- > 0 ? Optional.of(message(2, RING, seq)) : Optional.empty();
        }
    };

    private void hold(long... seqs) {
        LongStream.of(seqs).forEach(seq -> order.store().file(message(1, RING, seq)));
    }

    private RegularToken visit(TokenDraft token) {
        return visit(token, Long.MAX_VALUE, Restraint.NONE);
    }

    private RegularToken visit(TokenDraft draft, long consumed, Restraint restraint) {
        sent.clear();
        RegularToken arrived = draft.hop(hop).token();
        hop += 3;
        return TokenVisit.of(order, arrived, source, consumed, restraint, 0, sent::add)
                .forwarded();
    }

    private List<Long> sentSeqs() {
        return sent.stream().map(OrderedMessage::seq).toList();
    }

    // step 7 and 4.10

    @Test
    void freesWhatAllMembersHeldAtTwoVisits() {
        hold(1, 2, 3, 4, 5);
        visit(token(RING).seq(5).aru(3, 3));
        assertThat(order.store().released()).isZero();

        visit(token(RING).seq(5).aru(5, 0));

        assertThat(order.store().released()).isEqualTo(3);
    }

    @Test
    void freesByTheLowerOfTwoArus() {
        hold(1, 2, 3, 4, 5);
        visit(token(RING).seq(5).aru(5, 0));

        visit(token(RING).seq(5).aru(2, 3));

        assertThat(order.store().released()).isEqualTo(2);
    }

    @Test
    void freesNothingThatIsNotDeliveredHere() {
        hold(1, 2, 3, 4, 5);
        visit(token(RING).seq(5).aru(5, 0), 2, Restraint.NONE);

        visit(token(RING).seq(5).aru(5, 0), 2, Restraint.NONE);

        assertThat(order.store().released()).isEqualTo(2);
    }

    @Test
    @Tag("P19")
    void freesNothingThatIsMissingHereWhateverTheTokenSays() {
        hold(1, 2, 4);
        visit(token(RING).seq(4).aru(4, 0));

        visit(token(RING).seq(4).aru(4, 0));

        assertThat(order.store().released()).isEqualTo(2);
        assertThat(order.store().holds(4)).isTrue();
    }

    @Test
    void freesBeforeItOriginates() {
        LongStream.rangeClosed(1, 32).forEach(this::hold);
        visit(token(RING).seq(32).aru(32, 0));
        waiting = 4;

        // the room is 64 above what is released, less two windows: none before, 32 after
        visit(token(RING).seq(32).aru(32, 0));

        assertThat(sentSeqs()).containsExactly(33L, 34L, 35L, 36L);
    }

    // step 10

    @Test
    void originatesNothingIntoTheRoomOfTheOthers() {
        hold(LongStream.rangeClosed(1, 30).toArray());
        waiting = 4;

        visit(token(RING).seq(30).aru(0, 3));
        assertThat(sentSeqs()).containsExactly(31L, 32L);

        visit(token(RING).seq(32).aru(0, 3));
        assertThat(sentSeqs()).isEmpty();
    }

    @Test
    void originatesLessWhileTheTokenTakesTooLong() {
        waiting = 9;
        order.rotated(ROTATION_MAX + 1);

        visit(token(RING));
        assertThat(sentSeqs()).containsExactly(1L, 2L, 3L);

        order.rotated(1);
        visit(token(RING).seq(3));
        assertThat(sentSeqs()).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    @Tag("P20")
    void originatesNothingBehindAnOverdrawnWindow() {
        waiting = 4;

        visit(token(RING).flow(0, 1000));

        assertThat(sent).isEmpty();
    }

    @Test
    void originatesALittleWhileHeldBackAndTakesTheWindow() {
        waiting = 4;

        RegularToken forwarded = visit(token(RING).flow(0, 5), 0, Restraint.HELD_BACK);

        assertThat(sent).hasSize(1);
        assertThat(forwarded.fcc()).isEqualTo(5 + 1 + LIMITS.windowSize() + 1);
        assertThat(forwarded.backlog()).isEqualTo(4);
    }

    // step 11

    @Test
    void sendsAgainWhatItHoldsInTheOrderOfTheRequests() {
        hold(1, 2, 3, 4);

        RegularToken forwarded = visit(token(RING).seq(4).aru(0, 3).requests(3, 1));

        assertThat(sentSeqs()).containsExactly(3L, 1L);
        assertThat(forwarded.retransmitRequests()).isEmpty();
    }

    @Test
    void leavesRequestsThatItCannotServe() {
        hold(1, 2, 4);

        RegularToken forwarded = visit(token(RING).seq(4).aru(0, 3).requests(3, 4, 99));

        assertThat(sentSeqs()).containsExactly(4L);
        assertThat(forwarded.retransmitRequests()).containsExactly(3L, 99L);
    }

    @Test
    void sendsAgainNoMoreThanAVisitAllows() {
        hold(1, 2, 3, 4, 5, 6, 7, 8, 9);

        RegularToken forwarded = visit(token(RING).seq(9).aru(0, 3).requests(9, 8, 7, 6, 5, 4, 3, 2, 1));

        assertThat(sentSeqs()).containsExactly(9L, 8L, 7L, 6L, 5L, 4L);
        assertThat(forwarded.retransmitRequests()).containsExactly(3L, 2L, 1L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 12345})
    @Tag("P47")
    void servesAFullListWithHolesInAnyOrder(long seed) {
        var chance = new java.util.Random(seed);
        List<Long> requests = new ArrayList<>(
                LongStream.rangeClosed(1, RegularToken.REQUESTS_MAX).boxed().toList());
        java.util.Collections.shuffle(requests, chance);
        List<Long> held =
                requests.stream().filter(seq -> chance.nextInt(4) == 0).limit(6).toList();
        held.forEach(this::hold);

        RegularToken forwarded = visit(token(RING).seq(48).aru(0, 3).requests(requests));

        List<Long> left = new ArrayList<>(requests);
        left.removeAll(held);
        assertThat(sentSeqs()).isEqualTo(held);
        assertThat(forwarded.retransmitRequests()).isEqualTo(left);
    }

    @Test
    void sendsAgainTheVeryMessageItReceived() {
        var original = message(1, RING, 1);
        order.store().file(original);

        visit(token(RING).seq(1).aru(0, 3).requests(1));

        assertThat(sent.get(0)).isSameAs(original);
    }

    @Test
    void addsItsOwnRequestsBehindThoseThatStay() {
        hold(1, 4);
        visit(token(RING).seq(4).aru(0, 3).requests(3));

        RegularToken forwarded = visit(token(RING).seq(4).aru(0, 3).requests(3));

        assertThat(forwarded.retransmitRequests()).containsExactly(3L, 2L);
    }

    @Test
    void retransmissionsComeBeforeAndOutOfTheRoomForNewMessages() {
        hold(1, 2, 3, 4);
        waiting = 9;

        visit(token(RING).seq(4).aru(0, 3).requests(1, 2, 3, 4));

        assertThat(sentSeqs()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(waiting).isEqualTo(7);
    }

    @Test
    void retransmitsEvenWhenTheWindowIsClosed() {
        hold(1);

        visit(token(RING).seq(1).aru(0, 3).flow(0, 1000).requests(1));

        assertThat(sentSeqs()).containsExactly(1L);
    }

    // steps 12 and 13

    @Test
    void numbersNewMessagesBehindTheTokensSeqAndFilesThem() {
        hold(1, 2);
        waiting = 3;

        RegularToken forwarded = visit(token(RING).seq(2).aru(2, 0));

        assertThat(sentSeqs()).containsExactly(3L, 4L, 5L);
        assertThat(forwarded.seq()).isEqualTo(5);
        assertThat(order.store().aru()).isEqualTo(5);
        assertThat(order.store().get(4)).containsSame(sent.get(1));
    }

    @Test
    void originatesNoMoreThanAVisitAllows() {
        waiting = 100;

        RegularToken forwarded = visit(token(RING));

        assertThat(sentSeqs()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(forwarded.seq()).isEqualTo(6);
    }

    @Test
    void originatesWithNumbersBeyondTheSizesOfInts() {
        for (long start : new long[] {(1L << 31) - 3, (1L << 32) - 3}) {
            RingOrder far = new RingOrder(
                    RING,
                    origin(2),
                    NodeSettings.defaults()
                            .with(Settings.WINDOW_SIZE, 256)
                            .with(Settings.STORE_FRAMES, 1024)
                            .flow(),
                    125_000_000);
            waiting = 0;
            RegularToken first = token(RING).seq(start).aru(start, 0).hop(start).token();

            RegularToken forwarded = TokenVisit.of(far, first, source, 0, Restraint.NONE, 0, sent::add)
                    .forwarded();

            assertThat(forwarded.seq()).isEqualTo(start);
            assertThat(forwarded.tokenSeq()).isEqualTo(start + 1);
            assertThat(far.isDuplicate(token(RING).hop(start).token())).isTrue();
            assertThat(far.isDuplicate(token(RING).hop(start + 3).token())).isFalse();
        }
    }

    // step 14

    @Test
    void movesTheAruWithItsOwnMessages() {
        waiting = 2;

        RegularToken forwarded = visit(token(RING));

        assertThat(forwarded.aru()).isEqualTo(2);
        assertThat(forwarded.aruOwner()).isEmpty();
    }

    @Test
    void pullsTheAruDownToWhatItHas() {
        hold(1, 3);

        RegularToken forwarded = visit(token(RING).seq(3).aru(3, 0));

        assertThat(forwarded.aru()).isEqualTo(1);
        assertThat(forwarded.aruOwner()).contains(id(2));
    }

    @Test
    void countsWhatItSentAndWhatWaitedInPlaceOfTheLastVisit() {
        hold(1, 2);
        waiting = 10;
        RegularToken first = visit(token(RING).seq(2).aru(0, 3).flow(0, 3).requests(1));
        assertThat(first.fcc()).isEqualTo(3 + 1 + 5);
        assertThat(first.backlog()).isEqualTo(10);

        waiting = 1;
        RegularToken second = visit(token(RING).seq(7).aru(0, 3).flow(first.backlog() + 4, first.fcc()));

        assertThat(second.fcc()).isEqualTo(3 + 1);
        assertThat(second.backlog()).isEqualTo(4 + 1);
    }

    @Test
    void raisesTheSafeLineByTheAruItForwards() { // PROTOCOL.md 4.11
        hold(1, 2, 3);
        visit(token(RING).seq(3).aru(2, 3));
        assertThat(order.safeLine().seq()).isNegative();

        visit(token(RING).seq(3).aru(3, 0));

        assertThat(order.safeLine().seq()).isEqualTo(2);
    }

    // step 16

    @Test
    void passesTheTokenOnAsTheNextHopInItsOwnName() {
        hop = 41;

        RegularToken forwarded = visit(token(RING).from(1).flag(true));

        assertThat(forwarded.tokenSeq()).isEqualTo(42);
        assertThat(forwarded.origin()).isEqualTo(origin(2));
        assertThat(forwarded.ring()).isEqualTo(RING);
        assertThat(forwarded.retransFlag()).isTrue();
    }

    @Test
    void remembersTheTokenAsADuplicateFromNowOn() {
        assertThat(order.isDuplicate(token(RING).hop(0).token())).isFalse();
        hop = 5;

        visit(token(RING));

        assertThat(order.isDuplicate(token(RING).hop(5).token())).isTrue();
        assertThat(order.isDuplicate(token(RING).hop(4).token())).isTrue();
        assertThat(order.isDuplicate(token(RING).hop(6).token())).isFalse();
    }

    // PROTOCOL.md 7.1, the accelerated ring

    @Test
    void keepsTheLastOfItsMessagesForAfterTheToken() {
        waiting = 5;

        TokenVisit visit =
                TokenVisit.of(order, token(RING).seq(0).aru(0, 0).token(), source, 0, Restraint.NONE, 2, sent::add);

        assertThat(sentSeqs()).containsExactly(1L, 2L, 3L);
        assertThat(visit.later()).extracting(OrderedMessage::seq).containsExactly(4L, 5L);
        assertThat(visit.originated()).isEqualTo(5);
        assertThat(visit.forwarded().seq()).isEqualTo(5);
        assertThat(order.store().aru()).isEqualTo(5);
    }

    @Test
    void sendsEverythingBeforeTheTokenWhereThereIsLittleTraffic() {
        RingOrder large = new RingOrder(
                RING,
                origin(2),
                NodeSettings.defaults().with(Settings.WINDOW_SIZE, 64).flow(),
                ROTATION_MAX);
        waiting = 2;

        TokenVisit visit =
                TokenVisit.of(large, token(RING).seq(0).aru(0, 0).token(), source, 0, Restraint.NONE, 2, sent::add);
        assertThat(sentSeqs()).containsExactly(1L, 2L);
        assertThat(visit.later()).isEmpty();

        waiting = 1;
        TokenVisit next = TokenVisit.of(
                large, token(RING).hop(3).seq(2).aru(2, 0).flow(0, 4).token(), source, 0, Restraint.NONE, 2, sent::add);
        assertThat(next.later()).extracting(OrderedMessage::seq).containsExactly(3L);
    }

    @Test
    void servesRequestsBeforeTheTokenLeaves() {
        hold(1, 2);
        waiting = 1;

        TokenVisit visit = TokenVisit.of(
                order, token(RING).seq(2).aru(0, 3).requests(2).token(), source, 0, Restraint.NONE, 6, sent::add);

        assertThat(sentSeqs()).containsExactly(2L);
        assertThat(visit.later()).extracting(OrderedMessage::seq).containsExactly(3L);
    }

    @Test
    void saysHowMuchItDid() {
        hold(1, 2, 5);
        waiting = 3;
        TokenVisit.of(order, token(RING).seq(5).aru(0, 3).token(), source, 0, Restraint.NONE, 0, sent::add);
        waiting = 3;

        TokenVisit visit = TokenVisit.of(
                order,
                token(RING).seq(8).aru(0, 3).hop(3).requests(2, 4).token(),
                source,
                0,
                Restraint.NONE,
                0,
                sent::add);

        assertThat(visit.retransmitted()).isEqualTo(1);
        assertThat(visit.requested()).isEqualTo(1);
        assertThat(visit.originated()).isEqualTo(3);
        assertThat(visit.forwarded().retransmitRequests()).isEqualTo(seqs(4, 3));
    }
}
