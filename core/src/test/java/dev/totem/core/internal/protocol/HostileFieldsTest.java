/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ChangeCause;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CauseFact;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.settings.NodeSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One field of one message is what no member can have written: at worst there is a new ring, and nobody ends. */
@Tag("F5")
class HostileFieldsTest {

    /** To notice that the token does not come, and to agree again, twice over. */
    private static final Duration RECOVERS = NodeSettings.defaults()
            .timing()
            .token()
            .plus(NodeSettings.defaults().timing().consensus())
            .multipliedBy(2);

    private final MachineRing ring = MachineRing.of(1, 2, 3);
    private boolean spoilt;
    private int sent;

    HostileFieldsTest() {
        assertThat(ring.runUntil(() -> ring.together(1, 2, 3), Duration.ofSeconds(5)))
                .isTrue();
        load();
    }

    private void load() {
        ring.members.values().forEach(member -> {
            for (int i = 0; i < 20; i++) {
                member.send("m" + sent++, Guarantee.AGREED);
            }
        });
        ring.run(Duration.ofMillis(20));
    }

    /** Changes the next message of a kind that is meant for others. */
    private <M extends ProtocolMessage> void spoil(Class<M> kind, UnaryOperator<M> change) {
        spoilt = false;
        ring.changed = hop -> {
            if (spoilt || !kind.isInstance(hop.message()) || hop.from().equals(hop.to())) {
                return hop;
            }
            spoilt = true;
            return new MachineRing.Hop(hop.from(), hop.to(), change.apply(kind.cast(hop.message())));
        };
    }

    private void toAll(ProtocolMessage forged) {
        for (int to = 1; to <= 3; to++) {
            ring.inject(9, to, forged);
        }
    }

    /** All three go on in one ring, and what each sends is delivered by all. */
    private void goesOn() {
        load();
        ring.run(RECOVERS);
        assertThat(ring.runUntil(() -> ring.together(1, 2, 3), RECOVERS))
                .as("one ring again")
                .isTrue();
        ring.members.values().forEach(member -> assertThat(member.stop).isNull());
        int before = sent;
        load();
        ring.run(Duration.ofMillis(500));
        ring.members.values().forEach(member -> {
            for (int i = before; i < sent; i++) {
                assertThat(member.texts()).contains("m" + i);
            }
        });
    }

    private void survives(UnaryOperator<RegularToken> change) {
        spoil(RegularToken.class, change);
        ring.run(Duration.ofMillis(20));
        assertThat(spoilt).isTrue();
        goesOn();
    }

    private RingId now() {
        return ring.member(1).config.ring();
    }

    private static Origin stranger() {
        return new Origin(NodeId.of(9), 77);
    }

    private static List<NodeId> ids(int... ids) {
        return java.util.stream.IntStream.of(ids).mapToObj(NodeId::of).toList();
    }

    private static RegularToken token(
            RegularToken was, long seq, long tokenSeq, long aru, Optional<NodeId> owner, List<Long> requests) {
        return new RegularToken(
                was.origin(), was.ring(), seq, tokenSeq, aru, owner, was.backlog(), was.fcc(), false, requests);
    }

    @Test
    void tokenWithForeignAruOwner() {
        survives(was -> token(was, was.seq() + 1, was.tokenSeq(), 0, Optional.of(NodeId.of(77)), List.of()));
    }

    @Test
    void tokenWithAnAruThatOnlyANonMemberMayRaise() {
        survives(was -> token(was, was.seq(), was.tokenSeq(), -1, Optional.of(NodeId.of(77)), List.of()));
    }

    @Test
    void tokenWithFccOfTwoBillion() {
        survives(was -> was.withSums(2_000_000_000, was.backlog()));
    }

    /** Such a sum a ring can have: nobody takes it out but who notices that it is nobody's. */
    @Test
    void tokenWithFccOfAWindowThatNobodySent() {
        survives(was -> was.withSums(was.fcc() + 1_024, was.backlog()));
    }

    @Test
    void tokenWithBacklogOfTwoBillion() {
        survives(was -> was.withSums(was.fcc(), 2_000_000_000));
    }

    @Test
    void tokenWithTheHighestTokenSeq() {
        survives(was -> token(was, was.seq(), Long.MAX_VALUE, was.aru(), was.aruOwner(), List.of()));
    }

    @Test
    void tokenWithATokenSeqFarAhead() {
        survives(was -> token(was, was.seq(), was.tokenSeq() + 1_000_000, was.aru(), was.aruOwner(), List.of()));
    }

    @Test
    void tokenWithTheHighestSeq() {
        survives(was -> token(was, Long.MAX_VALUE, was.tokenSeq(), was.aru(), Optional.empty(), List.of()));
    }

    @Test
    void tokenThatClaimsMessagesThatNobodySent() {
        survives(was -> token(was, was.seq() + 1_000, was.tokenSeq(), was.aru(), Optional.empty(), List.of()));
    }

    @Test
    void tokenThatTakesNumbersBack() {
        survives(was -> token(was, 0, was.tokenSeq(), 0, Optional.empty(), List.of()));
    }

    @Test
    void tokenWithRequestsThatNobodyServes() {
        survives(was -> token(
                was,
                was.seq(),
                was.tokenSeq(),
                was.aru(),
                was.aruOwner(),
                LongStream.range(0, RegularToken.REQUESTS_MAX).mapToObj(i -> 1L).toList()));
    }

    @Test
    void tokenOfARecoveryWithAFlagThatNobodyRaised() {
        ring.changed = hop -> hop.message() instanceof RegularToken token
                        && !token.ring().equals(now())
                        && !spoilt
                        && token.tokenSeq() > 3
                ? flagged(hop, token)
                : hop;
        ring.crash(3);
        ring.start(3);
        ring.run(Duration.ofSeconds(2));
        assertThat(spoilt).isTrue();
        goesOn();
    }

    private MachineRing.Hop flagged(MachineRing.Hop hop, RegularToken token) {
        spoilt = true;
        return new MachineRing.Hop(hop.from(), hop.to(), token.withRetransFlag(true));
    }

    @Test
    void messageBehindTheEndOfTheOrder() {
        Origin member = ring.trace.stream()
                .map(hop -> hop.message().origin())
                .filter(origin -> origin.node().equals(NodeId.of(2)))
                .reduce((first, last) -> last)
                .orElseThrow();
        long next = ring.trace.stream()
                        .map(MachineRing.Hop::message)
                        .filter(RegularToken.class::isInstance)
                        .mapToLong(message -> ((RegularToken) message).seq())
                        .max()
                        .orElseThrow()
                + 1;
        ByteBuffer packet = ByteBuffer.wrap(new byte[] {'x'});
        toAll(new RegularMessage(member, now(), next, Guarantee.AGREED, packet));
        ring.run(Duration.ofMillis(20));
        goesOn();
    }

    @Test
    @Tag("F4")
    void joinWithRingNumberNearTheEnd() {
        toAll(new Join(stranger(), ids(1, 2, 3, 9), List.of(), Long.MAX_VALUE - 7, 0));
        ring.run(Duration.ofMillis(20));
        ring.crash(3);
        ring.start(3);
        goesOn();
        assertThat(ring.disks.values()).allMatch(number -> number < 1L << 60);
    }

    /** Whatever a member says of why, the ring forms; what cannot be is told to nobody. */
    @Test
    void joinWithCausesThatCannotBe() {
        List<CauseFact> causes = List.of(
                new CauseFact(4, 0, NodeId.of(2), 9, Long.MAX_VALUE, Long.MAX_VALUE),
                new CauseFact(6, 255, NodeId.of(2), 0, 0, 0),
                new CauseFact(8, 0, NodeId.of(77), 0, Long.MAX_VALUE, Long.MAX_VALUE),
                new CauseFact(9, 255, NodeId.of(1), 0, 1, 1),
                new CauseFact(11, 0, NodeId.of(2), 3, Long.MAX_VALUE, 0),
                new CauseFact(255, 255, NodeId.of(2), Integer.MAX_VALUE, 0, 0));
        ring.changed = hop -> hop.message() instanceof Join was
                ? new MachineRing.Hop(
                        hop.from(),
                        hop.to(),
                        new Join(
                                was.origin(),
                                was.proc(),
                                was.fail(),
                                was.ringSeq(),
                                was.rotations(),
                                was.heard(),
                                was.profile(),
                                causes))
                : hop;
        ring.crash(3);
        assertThat(ring.runUntil(() -> ring.together(1, 2), RECOVERS)).isTrue();
        assertThat(ring.member(1).config.causes())
                .extracting(ChangeCause::kind)
                .contains("paused", "token-lost", "member-silent")
                .doesNotContain("key-unknown", "settings-differ");
        ring.start(3);
        goesOn();
    }

    @Test
    @Tag("F4")
    void leaveWithRingNumberNearTheEnd() {
        toAll(new Leave(stranger(), ids(1, 2, 3), ids(9), Long.MAX_VALUE - 7));
        ring.crash(3);
        ring.start(3);
        goesOn();
    }

    @Test
    @Tag("F4")
    void announcementOfALaterLifeWithRingNumberNearTheEnd() {
        RingId far = new RingId(NodeId.of(1), Long.MAX_VALUE - 7);
        toAll(new MergeDetect(new Origin(NodeId.of(1), Long.MAX_VALUE), far));
        goesOn();
        assertThat(ring.disks.values()).allMatch(number -> number < 1L << 60);
    }

    @Test
    void announcementsUnderAnOwnIdThatAreNoLife() {
        for (int i = 0; i < 200; i++) {
            long number = 1_000_000 + 997L * (i % 7);
            toAll(new Join(new Origin(NodeId.of(2), -i), ids(2), List.of(), number, 0));
            ring.run(Duration.ofMillis(50));
        }
        goesOn();
    }

    @Test
    @Tag("F4")
    void commitTokenWithRingNumberNearTheEnd() {
        spoil(
                CommitToken.class,
                was -> new CommitToken(
                        was.origin(),
                        new RingId(was.ring().representative(), Long.MAX_VALUE - 7),
                        was.tokenSeq(),
                        was.members(),
                        was.entries()));
        reform();
    }

    @Test
    void commitTokenWithTheHighestTokenSeq() {
        spoil(
                CommitToken.class,
                was -> new CommitToken(was.origin(), was.ring(), Long.MAX_VALUE, was.members(), was.entries()));
        reform();
    }

    @Test
    void commitTokenOfAVersionThatNobodyUnderstands() {
        spoil(
                CommitToken.class,
                was -> new CommitToken(was.origin(), was.ring(), was.tokenSeq(), 2, was.members(), was.entries()));
        reform();
    }

    @Test
    void commitTokenThatClaimsTheHighestDelivery() {
        spoil(
                CommitToken.class,
                was -> new CommitToken(
                        was.origin(),
                        was.ring(),
                        was.tokenSeq(),
                        was.members(),
                        was.entries().stream()
                                .map(entry -> new CommitEntry(
                                        entry.member(),
                                        entry.oldRing(),
                                        Long.MAX_VALUE,
                                        Long.MAX_VALUE,
                                        entry.received()))
                                .toList()));
        reform();
    }

    @Test
    void commitTokenInWhichTheOwnEntryIsAnothersLie() {
        spoil(
                CommitToken.class,
                was -> !was.isComplete()
                        ? was
                        : new CommitToken(
                                was.origin(),
                                was.ring(),
                                was.tokenSeq(),
                                was.members(),
                                was.entries().stream()
                                        .map(entry -> new CommitEntry(
                                                entry.member(), new RingId(NodeId.of(8), 1), 0, 0, true))
                                        .toList()));
        reform();
    }

    private void reform() {
        ring.crash(3);
        ring.start(3);
        ring.run(Duration.ofMillis(200));
        goesOn();
    }
}
