/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.NodeId;
import dev.totem.core.internal.membership.JoinRules;
import dev.totem.core.internal.membership.JoinSpread;
import dev.totem.core.internal.membership.OldRing;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Processors agree on who is in the next ring ({@code PROTOCOL.md} 3.2 to 3.4). Node loop only.
 *
 * <p>The consensus test runs after every change of the sets and every Join, as {@code PROTOCOL.md} 0.2 says, and needs no loopback. A
 * processor that would be alone waits one join period first, so that a starting node joins a ring that exists instead of
 * forming its own.
 */
final class Gather implements RingState {

    private final RingContext context;
    private final Round round;
    private boolean announced;
    private boolean waitedForJoins;

    private Gather(RingContext context, Round round) {
        this.context = context;
        this.round = round;
    }

    /** ShiftToGather from another state. */
    static RingState enter(RingContext context, Round round, GatherReason reason) {
        return new Gather(context, round).shift(reason);
    }

    @Override
    public RingPhase phase() {
        return RingPhase.GATHER;
    }

    @Override
    public RingObserver observer() {
        return context.observer();
    }

    private RingState shift(GatherReason reason) {
        context.lease().left();
        context.observer().entered(RingPhase.GATHER, reason + ", " + round.sets());
        context.observer().searching(reason, round.sets());
        context.observer().counted(RingCounter.GATHERS, 1);
        announced = false;
        waitedForJoins = false;
        context.timers().cancelAll();
        context.arm(TimerKind.CONSENSUS, context.timing().consensus());
        if (spread().isZero()) {
            announce();
        } else {
            context.arm(TimerKind.JOIN, context.randomNanos(spread()));
        }
        return tryToForm();
    }

    private void announce() {
        announced = true;
        context.announce(new Join(
                context.self(),
                round.sets().proc(),
                round.sets().fail(),
                context.ringSeq(),
                round.attempts().rotations(),
                context.quarantine().heard(context.nowNanos()),
                context.profiles().own(),
                context.causes().facts()));
        context.arm(TimerKind.JOIN, context.timing().join().toNanos() + context.randomNanos(spread()));
    }

    private Duration spread() {
        return JoinSpread.of(context.timing().sendJoin(), round.sets().proc().size());
    }

    private RingState tryToForm() {
        if (!round.joins().consensus(round.sets())) {
            return this;
        }
        List<NodeId> members = round.sets().members();
        Optional<NodeId> unreachable = round.attempts().toGiveUp(members, context.id(), round.joins());
        if (unreachable.isPresent()) {
            return giveUp(unreachable.get(), members);
        }
        boolean represents = members.get(0).equals(context.id());
        boolean alone = members.size() == 1;
        return represents && (!alone || waitedForJoins) ? Commit.propose(context, round) : this;
    }

    private RingState giveUp(NodeId unreachable, List<NodeId> members) {
        giveUp(unreachable.equals(context.id()) ? members : List.of(unreachable));
        return shift(GatherReason.TERMINATION_RULE);
    }

    private void giveUpSilent() {
        giveUp(round.sets().members().stream()
                .filter(node -> !round.joins().agrees(node, round.sets()))
                .toList());
    }

    private void giveUp(List<NodeId> nodes) {
        round.sets().addFailed(nodes);
        nodes.stream().filter(round.sets()::hasFailed).forEach(this::noteSilence);
    }

    private void noteSilence(NodeId node) {
        long began = context.causes().leftNanos();
        long heard = context.quarantine().announcedNanos(node).orElse(began);
        long silence = context.nowNanos() - Math.max(began, heard);
        context.note(CauseKind.memberSilent(context.id(), node, silence, heard > began));
    }

    @Override
    public RingState expired(TimerKind kind) {
        return switch (kind) {
            case JOIN -> joinExpired();
            case CONSENSUS -> consensusExpired();
            case TOKEN_LOSS -> {
                giveUpSilent();
                yield shift(GatherReason.TOKEN_LOST_IN_GATHER);
            }
            case HOLD, TOKEN_RETRANSMIT, MERGE -> this;
        };
    }

    private RingState joinExpired() {
        waitedForJoins = announced;
        announce();
        return tryToForm();
    }

    /** Silent candidates are given up on; if there are none, the commit token has to come within a token timeout. */
    private RingState consensusExpired() {
        if (!round.joins().consensus(round.sets())) {
            giveUpSilent();
            return shift(GatherReason.CONSENSUS_TIMEOUT);
        }
        round.joins().forget();
        context.arm(TimerKind.TOKEN_LOSS, context.timing().token());
        return this;
    }

    @Override
    public RingState join(Join join) {
        context.heardRingSeq(join.ringSeq());
        context.announced(join.origin(), join.heard());
        if (round.isStale(join.origin(), join.ringSeq())) {
            return drop(DropReason.STALE);
        }
        if (!isCandidate(join.origin())
                && !context.quarantine().admits(join, round.sets().members(), context.nowNanos())) {
            return drop(DropReason.QUARANTINED);
        }
        if (!round.joins().remember(join)) {
            return drop(DropReason.STALE);
        }
        context.met(join.origin(), round.old().members(), isCandidate(join.origin()));
        JoinRules.Outcome outcome = round.apply(join, context.id());
        if (outcome != JoinRules.Outcome.SENDER_FAILED && outcome != JoinRules.Outcome.TOO_MANY) {
            context.causes().heard(join, context.nowNanos());
        }
        return switch (outcome) {
            case EQUAL -> tryToForm();
            case CHANGED -> shift(GatherReason.JOIN_CHANGED_SETS);
            case SENDER_FAILED -> drop(DropReason.FAILED_SENDER);
            case TOO_MANY -> drop(DropReason.RING_FULL);
            case BEHIND -> this;
        };
    }

    @Override
    public RingState leave(Leave leave) {
        context.heardRingSeq(leave.ringSeq());
        if (round.isStale(leave.origin(), leave.ringSeq())) {
            return drop(DropReason.STALE);
        }
        JoinRules.Outcome outcome = round.apply(leave, context.id());
        context.note(CauseKind.memberLeft(context.id(), leave.origin().node()));
        return outcome == JoinRules.Outcome.CHANGED ? shift(GatherReason.JOIN_CHANGED_SETS) : this;
    }

    @Override
    public RingState commitToken(CommitToken token) {
        if (token.ring().seq() <= context.ringSeq()) {
            return drop(DropReason.STALE);
        }
        List<NodeId> members = round.sets().members();
        boolean agreed = token.members().equals(members)
                && token.ring().representative().equals(members.get(0))
                && !token.isComplete()
                && members.get(token.entries().size()).equals(context.id());
        if (!agreed) {
            return drop(DropReason.OTHER_MEMBERSHIP);
        }
        if (token.entries().stream().anyMatch(entry -> round.joins().contradicts(entry.member()))) {
            return drop(DropReason.OTHER_INCARNATION);
        }
        if (!context.config().versions().contain(token.version())) {
            return drop(DropReason.OTHER_VERSION);
        }
        if (!TokenCheck.isFirstRound(token, context.self())) {
            return drop(DropReason.IMPOSSIBLE_COMMIT_TOKEN);
        }
        return Commit.accept(context, round, token);
    }

    /**
     * Old messages that are still under way raise the aru of the commit entry; they are not delivered. Once this processor
     * is obliged, its store must stay what it promised.
     */
    @Override
    public RingState regularMessage(RegularMessage message) {
        if (!message.ring().equals(round.old().ring())) {
            return foreign(message.origin(), GatherReason.FOREIGN_MESSAGE_IN_GATHER);
        }
        if (!round.old().isObliged()) {
            round.old().file(message);
        }
        return this;
    }

    @Override
    public RingState recoveredMessage(RecoveredMessage message) {
        return foreign(message.origin(), GatherReason.FOREIGN_MESSAGE_IN_GATHER);
    }

    @Override
    public RingState mergeDetect(MergeDetect detect) {
        context.announced(detect.origin(), detect.heard());
        boolean admitted = isCandidate(detect.origin())
                || context.quarantine()
                        .admits(detect.origin(), round.sets().members(), detect.members(), context.nowNanos());
        return admitted ? foreign(detect.origin(), GatherReason.MERGE_DETECT_IN_GATHER) : drop(DropReason.QUARANTINED);
    }

    /** A candidate takes part anyway, whether it may widen the search or not. */
    private boolean isCandidate(Origin sender) {
        return round.sets().isCandidate(sender.node());
    }

    private RingState foreign(Origin sender, GatherReason reason) {
        if (isCandidate(sender)) {
            return this;
        }
        if (context.quarantine().holds(sender)) {
            return drop(DropReason.QUARANTINED);
        }
        if (!round.sets().hasRoomFor(List.of(sender.node()))) {
            return drop(DropReason.RING_FULL);
        }
        context.met(sender, round.old().members(), false);
        round.sets().addCandidates(List.of(sender.node()));
        return shift(reason);
    }

    @Override
    public Optional<RingView.RoundView> roundView() {
        return RingView.RoundView.of(round);
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
