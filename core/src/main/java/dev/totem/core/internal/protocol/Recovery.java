/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.membership.OldRing;
import dev.totem.core.internal.membership.RecoveryPlan;
import dev.totem.core.internal.membership.RecoveryProgress;
import dev.totem.core.internal.membership.RecoveryQueue;
import dev.totem.core.internal.membership.RingMembers;
import dev.totem.core.internal.membership.RingQuorum;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.ordering.MessageStore;
import dev.totem.core.internal.ordering.ReceiveFailure;
import dev.totem.core.internal.ordering.Restraint;
import dev.totem.core.internal.ordering.RingOrder;
import dev.totem.core.internal.ordering.TokenVisit;
import dev.totem.core.internal.ordering.UnservedRequests;
import java.util.List;
import java.util.Optional;

/**
 * The members of the proposed ring exchange what they lack of their old rings ({@code PROTOCOL.md} 3.6). Node loop only.
 *
 * <p>Recovered messages go into the old ring's store as they arrive, so that nothing is lost if this attempt fails (3.8).
 */
final class Recovery implements RingState {

    private final RingContext context;
    private final Round round;
    private final RingMembers members;
    private final RecoveryPlan plan;
    private final RingQuorum.Verdict verdict;
    private final int version;
    private final RingOrder order;
    private final RecoveryQueue queue;
    private final RecoveryProgress progress;
    private final ReceiveFailure receiveFailure;
    private final UnservedRequests unserved;
    private final Standstill standstill;
    private final PassedToken passed;
    private boolean started;

    private Recovery(RingContext context, Round round, CommitToken token) {
        this.context = context;
        this.round = round;
        members = new RingMembers(
                token.entries().stream().map(CommitEntry::member).toList());
        plan = RecoveryPlan.of(token, round.old());
        verdict = context.quorum().decide(token.entries());
        version = token.version();
        order = context.newOrder(token.ring());
        queue = new RecoveryQueue(context.self(), token.ring(), plan.toSend());
        progress = new RecoveryProgress(represents() && queue.backlog() > 0);
        receiveFailure = new ReceiveFailure(
                context.id(),
                context.timing().failRecvConst(),
                context.timing().token().toNanos());
        unserved = new UnservedRequests(context.timing().token().toNanos());
        standstill = new Standstill(context.timing().token().toNanos());
        passed = new PassedToken(context, members.successor(context.id()));
    }

    /** ShiftToRecovery: the commit token came a second time, complete; it is passed on. */
    static RingState enter(RingContext context, Round round, CommitToken token) {
        Recovery recovery = new Recovery(context, round, token);
        context.observer()
                .entered(
                        RingPhase.RECOVERY,
                        "ring " + token.ring() + " of " + token.members() + ", transitional "
                                + recovery.plan.transitional() + ", " + recovery.queue.backlog() + " to recover");
        recovery.pass(token.forwarded(context.self(), token.entries()));
        return recovery;
    }

    @Override
    public RingPhase phase() {
        return RingPhase.RECOVERY;
    }

    @Override
    public RingObserver observer() {
        return context.observer();
    }

    private boolean represents() {
        return members.representative().equals(context.id());
    }

    private RingId ring() {
        return order.ring();
    }

    private void pass(ProtocolMessage token) {
        round.attempts().forwarded();
        context.timers().cancelAll();
        context.arm(TimerKind.TOKEN_LOSS, context.timing().token());
        passed.pass(token, 0, false);
    }

    /** The second return to the representative starts the ring, once; copies from the first rotation do not (P30, P31). */
    @Override
    public RingState commitToken(CommitToken token) {
        boolean secondReturn = token.ring().equals(ring())
                && token.tokenSeq() == 2L * members.size()
                && token.origin().equals(members.origin(members.predecessor(context.id())));
        if (!represents() || started || !secondReturn) {
            return drop(DropReason.DUPLICATE_TOKEN);
        }
        started = true;
        pass(RegularToken.first(context.self(), ring(), queue.backlog() > 0));
        return this;
    }

    @Override
    public RingState regularToken(RegularToken token) {
        Optional<DropReason> refusal = TokenCheck.refusal(token, members, order);
        if (refusal.isPresent()) {
            return drop(refusal.get());
        }
        if (order.store().highReceived() > token.seq()) {
            return giveUp(GatherReason.NUMBERS_CONTRADICT);
        }
        context.observer().counted(RingCounter.TOKENS, 1);
        MessageStore store = order.store();
        if (unserved.visited(token, store, context.nowNanos())) {
            return giveUp(GatherReason.NUMBERS_CONTRADICT);
        }
        RegularToken audited = order.audited(token, members.size(), context.nowNanos());
        TokenVisit visit = TokenVisit.of(order, audited, queue, store.aru(), Restraint.NONE, 0, this::send);
        context.observer().counted(RingCounter.MESSAGES_RECOVERED, visit.originated());
        boolean flag = progress.visited(visit.forwarded(), queue.backlog());
        OldRing old = round.old();
        if (progress.holdsAll(store.aru()) && !old.isObliged()) {
            old.oblige();
        }
        RegularToken forwarded = visit.forwarded().withRetransFlag(flag);
        if (progress.isComplete()) {
            if (store.aru() < progress.installSeq()) {
                return giveUp(GatherReason.NUMBERS_CONTRADICT);
            }
            return new Installation(context, round, members, plan.transitional(), verdict, version)
                    .install(order, progress, forwarded);
        }
        Optional<NodeId> failed = receiveFailure.visited(forwarded, context.nowNanos());
        if (failed.isPresent()) {
            context.quarantine().met(members.origin(failed.get()));
            round.sets().addFailed(List.of(failed.get()));
            context.note(CauseKind.failedToReceive(context.id(), failed.get()));
            return giveUp(GatherReason.FAILED_TO_RECEIVE);
        }
        if (standstill.visited(forwarded, context.nowNanos())) {
            return giveUp(GatherReason.RECOVERY_STANDS_STILL);
        }
        pass(forwarded);
        return this;
    }

    private void send(OrderedMessage message) {
        context.multicast(message);
    }

    @Override
    public RingState recoveredMessage(RecoveredMessage message) {
        if (isOfRing(message)) {
            order.store().file(message);
            round.old().file(message.inner());
            queue.heard(message.inner());
        }
        return this;
    }

    /** Somebody has installed already; its messages are for the new ring. */
    @Override
    public RingState regularMessage(RegularMessage message) {
        if (isOfRing(message)) {
            order.store().file(message);
        }
        return this;
    }

    private boolean isOfRing(OrderedMessage message) {
        if (!message.ring().equals(ring())) {
            drop(DropReason.OTHER_RING);
            return false;
        }
        if (!members.contains(message.origin())) {
            drop(DropReason.OTHER_INCARNATION);
            return false;
        }
        return true;
    }

    @Override
    public RingState expired(TimerKind kind) {
        return switch (kind) {
            case TOKEN_LOSS -> {
                context.note(CauseKind.commitLost(context.id(), ring()));
                yield giveUp(GatherReason.TOKEN_LOST_IN_RECOVERY);
            }
            case TOKEN_RETRANSMIT -> {
                passed.resend();
                yield this;
            }
            case HOLD, JOIN, MERGE, CONSENSUS -> this;
        };
    }

    @Override
    public RingState join(Join join) {
        context.heardRingSeq(join.ringSeq());
        if (!members.contains(join.origin().node())
                || members.outlived(join.origin())
                || join.ringSeq() < ring().seq()) {
            return drop(DropReason.STALE);
        }
        round.joins().forget();
        round.apply(join, context.id());
        context.causes().heard(join, context.nowNanos());
        return Gather.enter(context, round, GatherReason.JOIN_IN_RECOVERY);
    }

    @Override
    public RingState leave(Leave leave) {
        context.heardRingSeq(leave.ringSeq());
        if (!members.contains(leave.origin())) {
            return drop(DropReason.STALE);
        }
        round.joins().forget();
        round.apply(leave, context.id());
        context.note(CauseKind.memberLeft(context.id(), leave.origin().node()));
        return Gather.enter(context, round, GatherReason.JOIN_IN_RECOVERY);
    }

    private RingState giveUp(GatherReason reason) {
        round.joins().forget();
        return Gather.enter(context, round, reason);
    }

    @Override
    public Optional<RingView.RoundView> roundView() {
        return RingView.RoundView.of(round);
    }

    @Override
    public Optional<RingView.OrderView> orderView() {
        return RingView.OrderView.of(members, order, order.store().aru(), progress.installSeq());
    }

    @Override
    public Optional<OldRing> installed() {
        return Optional.of(round.old());
    }

    @Override
    public Optional<ProtocolMessage> farewell() {
        return Optional.of(round.farewell(context.self(), context.ringSeq()));
    }
}
