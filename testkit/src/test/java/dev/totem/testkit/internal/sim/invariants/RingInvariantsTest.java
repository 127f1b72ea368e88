/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import static dev.totem.testkit.internal.sim.invariants.Forged.FRESH;
import static dev.totem.testkit.internal.sim.invariants.Forged.MEMBERS;
import static dev.totem.testkit.internal.sim.invariants.Forged.OLD;
import static dev.totem.testkit.internal.sim.invariants.Forged.RING;
import static dev.totem.testkit.internal.sim.invariants.Forged.accepted;
import static dev.totem.testkit.internal.sim.invariants.Forged.counted;
import static dev.totem.testkit.internal.sim.invariants.Forged.counting;
import static dev.totem.testkit.internal.sim.invariants.Forged.gathering;
import static dev.totem.testkit.internal.sim.invariants.Forged.installing;
import static dev.totem.testkit.internal.sim.invariants.Forged.message;
import static dev.totem.testkit.internal.sim.invariants.Forged.nodes;
import static dev.totem.testkit.internal.sim.invariants.Forged.on;
import static dev.totem.testkit.internal.sim.invariants.Forged.origin;
import static dev.totem.testkit.internal.sim.invariants.Forged.passes;
import static dev.totem.testkit.internal.sim.invariants.Forged.received;
import static dev.totem.testkit.internal.sim.invariants.Forged.token;
import static dev.totem.testkit.internal.sim.invariants.Forged.visited;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.Statistic;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.protocol.RingView;
import dev.totem.core.internal.wire.MessageCodec;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.PlainSeal;
import dev.totem.core.spi.RingSequenceStore;
import dev.totem.core.spi.SealSession;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A history that breaks each invariant, and beside it the one that does not. */
class RingInvariantsTest {

    private static final String CLUSTER = "test";
    private static final Input NOTHING = new Input.TimerDue();

    private final HandClock clock = new HandClock();
    private final RingInvariants invariants = new RingInvariants(() -> 7_000_000);
    private final LifeWatch one = invariants.begin(NodeId.of(1), CLUSTER, clock);
    private final LifeWatch two = invariants.begin(NodeId.of(2), CLUSTER, clock);
    private final LifeWatch three = invariants.begin(NodeId.of(3), CLUSTER, clock);

    private static final class HandClock implements LifeWatch.Clock {

        private long nanos = 1_000;
        private boolean isDead;

        @Override
        public long nowNanos() {
            return nanos;
        }

        @Override
        public boolean isDead() {
            return isDead;
        }
    }

    private static RingView leaseOn(int node, long untilNanos) {
        RingView view = on(node, RingPhase.OPERATIONAL, FRESH);
        return new RingView(view.self(), view.phase(), view.round(), view.order(), untilNanos);
    }

    private static List<Effect> install(RingId ring, boolean isPrimary) {
        return List.of(new Effect.Install(
                ConfigChange.regular(ring, List.of(NodeId.of(2)), List.of()).withPrimary(isPrimary)));
    }

    @Test
    void w11SeesAPrimaryWhileALeaseOfAnotherRingIsHeld() {
        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, FRESH), install(RING, true));
        one.stepped(NOTHING, leaseOn(1, 2_000), List.of());
        assertKept();

        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, FRESH), install(new RingId(NodeId.of(2), 400), true));

        assertBroken(RingRule.W11);
    }

    @Test
    void w11SeesALeaseThatIsRenewedBesideANewerPrimary() {
        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, FRESH), install(new RingId(NodeId.of(2), 400), true));
        assertKept();

        one.stepped(NOTHING, leaseOn(1, 2_000), List.of());

        assertBroken(RingRule.W11);
    }

    @Test
    void w11AllowsALeaseThatIsOverOrOfADeadOneAndAnyMinority() {
        one.stepped(NOTHING, leaseOn(1, 2_000), List.of());
        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, FRESH), install(new RingId(NodeId.of(2), 300), false));
        clock.nanos = 2_000;
        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, FRESH), install(new RingId(NodeId.of(2), 400), true));
        clock.nanos = 1_500;
        clock.isDead = true;
        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, FRESH), install(new RingId(NodeId.of(2), 500), true));

        assertKept();
    }

    private void assertKept() {
        assertThat(invariants.failures()).isEmpty();
    }

    private void assertBroken(RingRule rule) {
        assertThat(invariants.failures())
                .singleElement()
                .asString()
                .startsWith(rule + " " + rule.sentence() + ": node ")
                .contains("at 7000us");
    }

    private static void all(RingView.OrderView order, LifeWatch... watches) {
        for (int i = 0; i < watches.length; i++) {
            watches[i].stepped(NOTHING, on(i + 1, RingPhase.OPERATIONAL, order), List.of());
        }
    }

    @Test
    void w1SeesTwoMembersThatAcceptOneToken() {
        two.stepped(accepted(token(0, 0, 0)), on(2, RingPhase.OPERATIONAL, visited(0, 0, 0)), List.of());
        assertKept();

        three.stepped(accepted(token(0, 0, 0)), on(3, RingPhase.OPERATIONAL, visited(0, 0, 0)), List.of());

        assertBroken(RingRule.W1);
    }

    @Test
    void w1AcceptsACopyThatIsDropped() {
        two.stepped(accepted(token(0, 0, 0)), on(2, RingPhase.OPERATIONAL, visited(0, 0, 0)), List.of());
        three.stepped(accepted(token(1, 0, 0)), on(3, RingPhase.OPERATIONAL, visited(0, 1, 0)), List.of());
        two.stepped(accepted(token(0, 0, 0)), on(2, RingPhase.OPERATIONAL, visited(0, 0, 0)), List.of());

        assertKept();
    }

    @Test
    void w2SeesAnAruThatAMemberHasNotReached() {
        all(received(4, 0, 4, -1), one, two);
        three.stepped(NOTHING, on(3, RingPhase.OPERATIONAL, received(3, 0, 3, -1)), List.of());
        one.stepped(accepted(token(0, 4, 4)), on(1, RingPhase.OPERATIONAL, visited(4, 0, 4)), List.of());
        assertKept();

        two.stepped(accepted(token(1, 4, 4)), on(2, RingPhase.OPERATIONAL, visited(4, 1, 4)), List.of());
        assertKept();
        one.stepped(accepted(token(2, 4, 4)), on(1, RingPhase.OPERATIONAL, visited(4, 2, 4)), List.of());

        assertBroken(RingRule.W2);
    }

    @Test
    void w2SeesATokenBelowWhatAMemberHasReceived() {
        all(received(4, 0, 4, -1), one, two, three);
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, received(4, 0, 4, -1)), List.of(passes(token(3, 4, 4))));
        assertKept();

        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, received(4, 0, 4, -1)), List.of(passes(token(4, 3, 3))));

        assertBroken(RingRule.W2);
    }

    @Test
    void w3SeesAFreedMessageThatAMemberLacks() {
        all(received(4, 0, 4, -1), one, two);
        three.stepped(NOTHING, on(3, RingPhase.RECOVERY, received(3, 0, 3, -1)), List.of());
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, received(4, 3, 4, -1)), List.of());
        assertKept();

        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, received(4, 4, 4, -1)), List.of());

        assertBroken(RingRule.W3);
    }

    @Test
    void w3SeesAFreedMessageThatWasNotDeliveredHere() {
        all(received(4, 0, 2, -1), one, two, three);
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, received(4, 3, 2, -1)), List.of());

        assertBroken(RingRule.W3);
    }

    @Test
    void w4SeesASafeLineAboveAMember() {
        all(received(4, 0, 4, -1), one, two);
        three.stepped(NOTHING, on(3, RingPhase.OPERATIONAL, received(2, 0, 2, 2)), List.of());
        assertKept();

        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, received(4, 0, 4, 3)), List.of());

        assertBroken(RingRule.W4);
    }

    @Test
    void w4SeesASafeLineOnARingThatAMemberNeverEntered() {
        all(received(4, 0, 4, -1), one);
        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, received(4, 0, 4, 1)), List.of());

        assertBroken(RingRule.W4);
    }

    @Test
    void w5SeesCandidatesThatAreForgotten() {
        one.stepped(NOTHING, gathering(1, OLD, nodes(1, 2, 3), nodes(3)), List.of());
        one.stepped(NOTHING, gathering(1, OLD, nodes(1, 2, 3, 4), nodes(3)), List.of());
        assertKept();

        one.stepped(NOTHING, gathering(1, OLD, nodes(1, 2, 3, 4), nodes()), List.of());

        assertBroken(RingRule.W5);
    }

    @Test
    void w5SeesAnOldRingThatWasNotInstalled() {
        one.stepped(NOTHING, gathering(1, OLD, nodes(1), nodes()), List.of());
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of());
        one.stepped(NOTHING, gathering(1, RING, nodes(1, 2, 3), nodes()), List.of());
        assertKept();

        one.stepped(NOTHING, gathering(1, OLD, nodes(1, 2, 3), nodes()), List.of());

        assertBroken(RingRule.W5);
    }

    @Test
    void w6SeesTwoMembershipsOfOneRing() {
        one.stepped(NOTHING, on(1, RingPhase.RECOVERY, FRESH), List.of());
        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, FRESH), List.of());
        assertKept();

        three.stepped(NOTHING, on(3, RingPhase.RECOVERY, Forged.of(List.of(origin(1), origin(3)))), List.of());

        assertBroken(RingRule.W6);
    }

    @Test
    void w6SeesALifeOnARingThatIsNotItsOwn() {
        LifeWatch stranger = invariants.begin(NodeId.of(4), CLUSTER, clock);
        stranger.stepped(NOTHING, on(4, RingPhase.RECOVERY, Forged.of(MEMBERS)), List.of());

        assertBroken(RingRule.W6);
    }

    @Test
    void w6AllowsOneRingIdTwiceOnlyIfItsRepresentativeHasATwin() {
        Origin other = new Origin(NodeId.of(1), 999);
        LifeWatch twin = invariants.begin(NodeId.of(1), CLUSTER, clock);
        RingView its = new RingView(
                other, RingPhase.RECOVERY, Optional.empty(), Optional.of(Forged.of(List.of(other, origin(2)))));
        invariants.shared(NodeId.of(1));
        one.stepped(NOTHING, on(1, RingPhase.RECOVERY, FRESH), List.of());
        twin.stepped(NOTHING, its, List.of());
        assertKept();

        three.stepped(NOTHING, on(3, RingPhase.RECOVERY, Forged.of(List.of(origin(1), origin(3)))), List.of());

        assertBroken(RingRule.W6);
    }

    @Test
    void w6SeesOneRingIdTwiceThoughTheOtherIsOfALaterLife() {
        Origin later = new Origin(NodeId.of(1), 999);
        one.stepped(NOTHING, on(1, RingPhase.RECOVERY, FRESH), List.of());
        RingView its = new RingView(
                later, RingPhase.RECOVERY, Optional.empty(), Optional.of(Forged.of(List.of(later, origin(2)))));

        invariants.begin(NodeId.of(1), CLUSTER, clock).stepped(NOTHING, its, List.of());

        assertBroken(RingRule.W6);
    }

    @Test
    void w7SeesAMessageOriginatedInRecovery() {
        one.stepped(NOTHING, on(1, RingPhase.RECOVERY, FRESH), List.of());
        one.stepped(NOTHING, on(1, RingPhase.RECOVERY, FRESH), List.of(new Effect.Multicast(message(2, RING, 1))));
        assertKept();

        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of(new Effect.Multicast(message(1, RING, 2))));

        assertBroken(RingRule.W7);
    }

    @Test
    void w7SeesAMessageOriginatedOnAnotherRing() {
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of());
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of(new Effect.Multicast(message(1, RING, 1))));
        assertKept();

        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of(new Effect.Multicast(message(1, OLD, 9))));

        assertBroken(RingRule.W7);
    }

    @Test
    void w8SeesDifferentInstallNumbers() {
        one.stepped(NOTHING, on(1, RingPhase.RECOVERY, installing(5)), List.of());
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of());
        two.stepped(NOTHING, on(2, RingPhase.RECOVERY, installing(5)), List.of());
        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, FRESH), List.of());
        assertKept();

        three.stepped(NOTHING, on(3, RingPhase.RECOVERY, installing(6)), List.of());
        assertKept();
        three.stepped(NOTHING, on(3, RingPhase.OPERATIONAL, FRESH), List.of());

        assertBroken(RingRule.W8);
    }

    @Test
    void w9SeesATokenThatHasLostACount() {
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, counted(5, 2)), List.of());
        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, counted(3, 1)), List.of(passes(counting(1, 3, 8))));
        assertKept();

        three.stepped(NOTHING, on(3, RingPhase.OPERATIONAL, counted(1, 0)), List.of(passes(counting(2, 3, 8))));

        assertBroken(RingRule.W9);
    }

    @Test
    void w9SeesABacklogThatNobodyHas() {
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, counted(5, 2)), List.of());
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, counted(4, 1)), List.of(passes(counting(1, 2, 4))));

        assertBroken(RingRule.W9);
    }

    @Test
    void w10SeesAFirstRingNumberThatLeavesBeforeItIsReserved() {
        RingSequenceStore disk = one.disk(new Disk());
        DatagramLink link = one.link(new Wire());
        disk.load().block();
        link.multicast(frame(4));
        assertBroken(RingRule.W10);
    }

    @Test
    void w10SeesARingNumberThatIsNotReservedYet() {
        RingSequenceStore disk = one.disk(new Disk());
        DatagramLink link = one.link(new Wire());
        disk.load().block();
        disk.store(12).block();
        link.unicast(NodeId.of(2), frame(4));
        link.unicast(NodeId.of(2), frame(8));
        assertKept();

        Mono<Void> write = disk.store(16);
        assertThat(write).isNotNull();
        link.unicast(NodeId.of(2), frame(12));

        assertBroken(RingRule.W10);
    }

    @Test
    void w10SeesARingNumberThatAFormerLifeMayHaveUsed() {
        RingSequenceStore disk = one.disk(new Disk());
        disk.load().block();
        disk.store(12).block();

        one.link(new Wire()).multicast(frame(0));

        assertBroken(RingRule.W10);
    }

    @Test
    void w10SeesABoundThatGoesBack() {
        RingSequenceStore disk = one.disk(new Disk());
        disk.load().block();
        disk.store(12).block();
        assertKept();

        disk.store(8).block();

        assertBroken(RingRule.W10);
    }

    private static ByteBuffer frame(long ringSeq) {
        SealSession session = PlainSeal.create().session(NodeId.of(1), CLUSTER);
        ByteBuffer plaintext = ByteBuffer.allocate(1_000);
        new MessageCodec()
                .encode(
                        new MergeDetect(origin(1), new RingId(NodeId.of(1), ringSeq), List.of(NodeId.of(1)), List.of()),
                        plaintext);
        ByteBuffer frame = ByteBuffer.allocate(1_000);
        session.seal(plaintext.flip(), frame);
        return frame.flip();
    }

    /** Keeps what it is told when it is subscribed to. */
    private static final class Disk implements RingSequenceStore {

        @Override
        public Mono<Long> load() {
            return Mono.just(4L);
        }

        @Override
        public Mono<Void> store(long ringSeq) {
            return Mono.empty();
        }
    }

    /** Nobody is at the other end. */
    private static final class Wire implements DatagramLink {

        @Override
        public int frameBytesMax() {
            return 1_472;
        }

        @Override
        public void start(Receiver receiver) {}

        @Override
        public void multicast(ByteBuffer frame) {}

        @Override
        public void unicast(NodeId to, ByteBuffer frame) {}

        @Override
        public void reply(SocketAddress source, ByteBuffer frame) {}

        @Override
        public void flush() {}

        @Override
        public boolean learn(NodeId node, SocketAddress source) {
            return false;
        }

        @Override
        public void proven(NodeId node, SocketAddress source, boolean isNewLife) {}

        @Override
        public Map<Statistic, Long> statistics() {
            return Map.of();
        }

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }
    }
}
