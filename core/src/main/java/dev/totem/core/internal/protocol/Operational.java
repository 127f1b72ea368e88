/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.RingProgress;
import dev.totem.core.internal.membership.AnswerPace;
import dev.totem.core.internal.membership.JoinRules;
import dev.totem.core.internal.membership.OldRing;
import dev.totem.core.internal.membership.RingMembers;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.ordering.DeliveryCursor;
import dev.totem.core.internal.ordering.MessageStore;
import dev.totem.core.internal.ordering.ReceiveFailure;
import dev.totem.core.internal.ordering.RingOrder;
import dev.totem.core.internal.ordering.TokenVisit;
import dev.totem.core.internal.ordering.UnservedRequests;
import java.util.List;
import java.util.Optional;

/** A ring is installed and orders messages ({@code PROTOCOL.md} 3.3 and 4). Node loop only. */
final class Operational implements RingState {

    private final RingContext context;
    private final RingMembers members;
    private final RingOrder order;
    private final DeliveryCursor cursor;
    private final RingId previousRing;
    private final TokenPassing passing;
    private final PacketOrigination origination;
    private final ReceiveFailure receiveFailure;
    private final UnservedRequests unserved;
    private final AnswerPace answers;

    private Operational(
            RingContext context, RingMembers members, RingOrder order, DeliveryCursor cursor, RingId previousRing) {
        this.context = context;
        this.members = members;
        this.order = order;
        this.cursor = cursor;
        this.previousRing = previousRing;
        passing = new TokenPassing(context, members, order.flow());
        origination = new PacketOrigination(context, order.ring());
        receiveFailure = new ReceiveFailure(
                context.id(),
                context.timing().failRecvConst(),
                context.timing().token().toNanos());
        unserved = new UnservedRequests(context.timing().token().toNanos());
        answers = new AnswerPace(
                context.timing().join().toNanos(), context.timing().token().toNanos());
    }

    /** The last step of the install: passes the token on and delivers what came early. */
    static RingState enter(
            RingContext context,
            RingMembers members,
            RingOrder order,
            DeliveryCursor cursor,
            RegularToken token,
            RingId previousRing) {
        Operational operational = new Operational(context, members, order, cursor, previousRing);
        context.observer().entered(RingPhase.OPERATIONAL, "ring " + order.ring() + " of " + members);
        operational.passing.visited(token, false);
        operational.deliver();
        return operational;
    }

    @Override
    public RingPhase phase() {
        return RingPhase.OPERATIONAL;
    }

    @Override
    public RingObserver observer() {
        return context.observer();
    }

    private RingId ring() {
        return order.ring();
    }

    /** One visit of the token; what it makes deliverable is delivered after it has left ({@code PROTOCOL.md} 4.1). */
    @Override
    public RingState regularToken(RegularToken token) {
        Optional<DropReason> refusal = TokenCheck.refusal(token, members, order);
        if (refusal.isPresent()) {
            return drop(refusal.get());
        }
        if (order.store().highReceived() > token.seq()) {
            return gather(leaveRing(), GatherReason.NUMBERS_CONTRADICT);
        }
        if (unserved.visited(token, order.store(), context.nowNanos())) {
            return gather(leaveRing(), GatherReason.NUMBERS_CONTRADICT);
        }
        context.lease().visited(order.store().aru() >= order.passedSeq(), context.nowNanos());
        passing.arrived().ifPresent(order::rotated);
        TokenVisit visit = TokenVisit.of(
                order,
                order.audited(token, members.size(), context.nowNanos()),
                origination,
                cursor.highDelivered(),
                context.restraint(),
                context.config().flow().acceleratedWindow(),
                context::multicast);
        count(visit);
        Optional<NodeId> failed = receiveFailure.visited(visit.forwarded(), context.nowNanos());
        if (failed.isPresent()) {
            visit.later().forEach(context::multicast);
            context.quarantine().met(members.origin(failed.get()));
            Round round = leaveRing();
            round.sets().addFailed(List.of(failed.get()));
            context.note(CauseKind.failedToReceive(context.id(), failed.get()));
            return gather(round, GatherReason.FAILED_TO_RECEIVE);
        }
        passing.visited(visit.forwarded(), visit.originated() == 0 && order.isSafeDelivered());
        visit.later().forEach(context::multicast);
        deliver();
        return this;
    }

    private void count(TokenVisit visit) {
        RingObserver observer = context.observer();
        observer.counted(RingCounter.TOKENS, 1);
        observer.counted(RingCounter.MESSAGES_ORIGINATED, visit.originated());
        observer.counted(RingCounter.MESSAGES_RETRANSMITTED, visit.retransmitted());
        observer.counted(RingCounter.RETRANSMITS_REQUESTED, visit.requested());
    }

    private void deliver() {
        int delivered = cursor.deliver(order.safeLine().seq(), message -> context.emit(new Effect.Deliver(message)));
        if (delivered > 0) {
            context.observer().counted(RingCounter.MESSAGES_DELIVERED, delivered);
        }
    }

    @Override
    public RingState regularMessage(RegularMessage message) {
        if (!message.ring().equals(ring())) {
            return foreign(message.origin(), message.ring(), GatherReason.FOREIGN_MESSAGE_IN_OPERATIONAL);
        }
        file(message);
        return this;
    }

    /** A late copy from the recovery of this ring; nobody delivers it. */
    @Override
    public RingState recoveredMessage(RecoveredMessage message) {
        if (!message.ring().equals(ring())) {
            return foreign(message.origin(), message.ring(), GatherReason.FOREIGN_MESSAGE_IN_OPERATIONAL);
        }
        file(message);
        return this;
    }

    private void file(OrderedMessage message) {
        if (!members.contains(message.origin())) {
            drop(DropReason.OTHER_INCARNATION);
            return;
        }
        MessageStore.Filed filed = order.store().file(message);
        switch (filed) {
            case DUPLICATE -> drop(DropReason.DUPLICATE_MESSAGE);
            case OUT_OF_RANGE -> drop(DropReason.OUT_OF_RANGE);
            case NEW -> {
                context.observer().counted(RingCounter.MESSAGES_RECEIVED, 1);
                passing.evidence(message.seq());
                deliver();
            }
        }
    }

    @Override
    public RingState mergeDetect(MergeDetect detect) {
        heard(detect.origin(), detect.heard());
        if (detect.ring().equals(ring())) {
            return this;
        }
        if (!leaveRing().sets().hasRoomFor(detect.members())) {
            return drop(DropReason.RING_FULL);
        }
        context.quarantine().admits(detect.origin(), members.ids(), detect.members(), context.nowNanos());
        return foreign(detect.origin(), detect.ring(), GatherReason.MERGE_DETECT_IN_OPERATIONAL);
    }

    private void heard(Origin sender, List<NodeId> heard) {
        if (context.announced(sender, heard)) {
            answers.hasten();
        }
    }

    /**
     * Evidence of another ring ({@code PROTOCOL.md} 3.5, not D9): what a member said on an earlier ring, or
     * anybody on the ring before this one, is late and means nothing.
     */
    private RingState foreign(Origin sender, RingId senderRing, GatherReason reason) {
        boolean late = members.outlived(sender)
                || (members.contains(sender) && senderRing.seq() < ring().seq())
                || senderRing.equals(previousRing);
        if (late) {
            return drop(DropReason.STALE);
        }
        if (context.quarantine().holds(sender)) {
            if (answers.answers(context.nowNanos())) {
                announce();
            }
            return drop(DropReason.QUARANTINED);
        }
        Round round = leaveRing();
        if (!round.sets().hasRoomFor(List.of(sender.node()))) {
            return drop(DropReason.RING_FULL);
        }
        context.met(sender, members, false);
        round.sets().addCandidates(List.of(sender.node()));
        return gather(round, reason);
    }

    /** Even a Join that tells nothing new makes this processor gather: its sender needs our Joins (P10). */
    @Override
    public RingState join(Join join) {
        context.heardRingSeq(join.ringSeq());
        heard(join.origin(), join.heard());
        if (join.fail().contains(context.id())) {
            return drop(DropReason.FAILED_SENDER);
        }
        boolean late =
                members.outlived(join.origin()) || (members.contains(join.origin()) && join.ringSeq() < ring().seq());
        if (late) {
            return drop(DropReason.STALE);
        }
        if (!context.quarantine().admits(join, members.ids(), context.nowNanos())) {
            if (answers.answersJoin(context.nowNanos())) {
                announce();
            }
            return drop(DropReason.QUARANTINED);
        }
        Round round = leaveRing();
        JoinRules.Outcome outcome = round.apply(join, context.id());
        if (outcome == JoinRules.Outcome.TOO_MANY) {
            return drop(DropReason.RING_FULL);
        }
        context.met(join.origin(), members, false);
        context.causes().heard(join, context.nowNanos());
        if (members.contains(join.origin())) {
            meetAccused(join);
        }
        return gather(
                round,
                outcome == JoinRules.Outcome.CHANGED
                        ? GatherReason.JOIN_CHANGED_SETS
                        : GatherReason.JOIN_IN_OPERATIONAL);
    }

    /** Whom a member gives up before the ring has stopped is not silent: he does not receive. */
    private void meetAccused(Join join) {
        join.fail().stream()
                .filter(members::contains)
                .forEach(accused -> context.quarantine().met(members.origin(accused)));
    }

    @Override
    public RingState leave(Leave leave) {
        context.heardRingSeq(leave.ringSeq());
        if (!members.contains(leave.origin())) {
            return drop(DropReason.STALE);
        }
        Round round = leaveRing();
        round.apply(leave, context.id());
        context.note(CauseKind.memberLeft(context.id(), leave.origin().node()));
        return gather(round, GatherReason.JOIN_CHANGED_SETS);
    }

    @Override
    public RingState holdCancel(HoldCancel cancel) {
        if (!cancel.ring().equals(ring())) {
            return drop(DropReason.OTHER_RING);
        }
        passing.wake();
        return this;
    }

    @Override
    public RingState outnumbered() {
        return gather(leaveRing(), GatherReason.OUTNUMBERED);
    }

    @Override
    public RingState submitted() {
        passing.submitted(ring());
        return this;
    }

    @Override
    public RingState expired(TimerKind kind) {
        switch (kind) {
            case TOKEN_LOSS -> {
                passing.noteLoss(order.store());
                return gather(leaveRing(), GatherReason.TOKEN_LOST_IN_OPERATIONAL);
            }
            case TOKEN_RETRANSMIT -> passing.resend();
            case HOLD -> {
                passing.release();
                announceIfNearlyDue();
            }
            case MERGE -> announce();
            case JOIN, CONSENSUS -> {}
        }
        return this;
    }

    private void announce() {
        context.announce(new MergeDetect(
                context.self(), ring(), members.ids(), context.quarantine().heard(context.nowNanos())));
    }

    /** An idle ring wakes its members once per rotation, not twice: the announcement goes with the token. */
    private void announceIfNearlyDue() {
        long slackNanos = context.timing().merge().toNanos() / 4;
        if (context.timers().isDueBy(TimerKind.MERGE, context.nowNanos() + slackNanos)) {
            context.timers().cancel(TimerKind.MERGE);
            announce();
        }
    }

    private RingState gather(Round round, GatherReason reason) {
        context.causes().leaving(context.nowNanos());
        return Gather.enter(context, round, reason);
    }

    private Round leaveRing() {
        return Round.from(new OldRing(members, order, cursor), context.id());
    }

    @Override
    public Optional<RingView.OrderView> orderView() {
        return RingView.OrderView.of(members, order, cursor.highDelivered(), -1);
    }

    @Override
    public Optional<RingProgress> progress() {
        MessageStore store = order.store();
        return Optional.of(new RingProgress(
                ring(),
                Math.max(store.highReceived(), order.passedSeq()),
                store.aru(),
                Math.max(0, order.safeLine().seq()),
                cursor.highDelivered(),
                store.sent()));
    }

    @Override
    public boolean isSettled() {
        return order.safeLine().seq() >= cursor.highDelivered();
    }

    @Override
    public Optional<OldRing> installed() {
        return Optional.of(leaveRing().old());
    }

    @Override
    public Optional<ProtocolMessage> farewell() {
        return members.size() == 1
                ? Optional.empty()
                : Optional.of(leaveRing().farewell(context.self(), context.ringSeq()));
    }
}
