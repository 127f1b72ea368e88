/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.membership.OldRing;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.ProtocolMessage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The commit token's first rotation confirms the proposed ring ({@code PROTOCOL.md} 3.2, 3.6). Node loop only.
 *
 * <p>The ring's number is on stable storage before the token leaves, at the first sight of it (D4: safer than the paper).
 */
final class Commit implements RingState {

    private final RingContext context;
    private final Round round;
    private final RingId ring;
    private final int version;
    private final List<NodeId> members;
    private final List<CommitEntry> entries;
    private final PassedToken passed;

    private Commit(RingContext context, Round round, CommitToken token) {
        this.context = context;
        this.round = round;
        ring = token.ring();
        version = token.version();
        members = token.members();
        entries = Stream.concat(
                        token.entries().stream(),
                        Stream.of(round.old()
                                .entry(context.self(), context.quorum().vote())))
                .toList();
        passed = new PassedToken(context, successor());
    }

    /** This processor represents the agreed membership: it makes the commit token. */
    static RingState propose(RingContext context, Round round) {
        RingId proposed = new RingId(context.id(), context.ringSeqMax() + RingId.STEP);
        List<NodeId> members = round.sets().members();
        int version = round.joins().versionOf(members, context.config().versions());
        return accept(context, round, new CommitToken(context.self(), proposed, 0, version, members, List.of()));
    }

    /** ShiftToCommit: fills this processor's entry and passes the token on. */
    static RingState accept(RingContext context, Round round, CommitToken token) {
        Commit commit = new Commit(context, round, token);
        context.observer().entered(RingPhase.COMMIT, "ring " + token.ring() + " of " + token.members());
        context.useRingSeq(token.ring().seq());
        round.attempts().committed(token.members());
        context.timers().cancelAll();
        context.arm(TimerKind.TOKEN_LOSS, context.timing().token());
        commit.pass(token.forwarded(context.self(), commit.entries));
        return commit;
    }

    @Override
    public RingPhase phase() {
        return RingPhase.COMMIT;
    }

    @Override
    public RingObserver observer() {
        return context.observer();
    }

    private void pass(CommitToken token) {
        round.attempts().forwarded();
        passed.pass(token, 0, false);
    }

    private NodeId successor() {
        return members.get((members.indexOf(context.id()) + 1) % members.size());
    }

    @Override
    public RingState commitToken(CommitToken token) {
        if (!token.ring().equals(ring)) {
            return drop(DropReason.OTHER_RING);
        }
        if (!token.members().equals(members)) {
            return drop(DropReason.OTHER_MEMBERSHIP);
        }
        if (!token.isComplete()) {
            return drop(DropReason.DUPLICATE_TOKEN);
        }
        boolean admitsUs = token.entries().stream().map(CommitEntry::member).anyMatch(context.self()::equals);
        if (!admitsUs) {
            return drop(DropReason.OTHER_INCARNATION);
        }
        return token.version() == version && TokenCheck.isSecondRound(token, entries, context.self())
                ? Recovery.enter(context, round, token)
                : drop(DropReason.IMPOSSIBLE_COMMIT_TOKEN);
    }

    @Override
    public RingState expired(TimerKind kind) {
        return switch (kind) {
            case TOKEN_LOSS -> {
                context.note(CauseKind.commitLost(context.id(), ring));
                yield giveUp(GatherReason.TOKEN_LOST_IN_COMMIT);
            }
            case TOKEN_RETRANSMIT -> {
                passed.resend();
                yield this;
            }
            case HOLD, JOIN, MERGE, CONSENSUS -> this;
        };
    }

    /**
     * A member that has gone back to Gather since says so. Of the Joins of the round that led here, those that tell of more
     * candidates come from members that have learnt of them meanwhile and will not accept this commit token (ours: the
     * papers wait for its loss, which costs a token timeout whenever many processors start at once).
     */
    @Override
    public RingState join(Join join) {
        context.heardRingSeq(join.ringSeq());
        if (members.contains(join.origin().node())
                && !round.isStale(join.origin(), join.ringSeq())
                && !join.fail().contains(context.id())) {
            context.causes().heard(join, context.nowNanos());
        }
        if (!members.contains(join.origin().node()) || !(join.ringSeq() >= ring.seq() || hasMovedOn(join))) {
            return drop(DropReason.STALE);
        }
        round.joins().forget();
        round.apply(join, context.id());
        return Gather.enter(context, round, GatherReason.JOIN_IN_COMMIT);
    }

    private boolean hasMovedOn(Join join) {
        return !round.isStale(join.origin(), join.ringSeq())
                && !join.fail().contains(context.id())
                && !round.sets().cover(join.proc(), List.of())
                && round.sets().hasRoomFor(join.proc());
    }

    @Override
    public RingState leave(Leave leave) {
        context.heardRingSeq(leave.ringSeq());
        if (!members.contains(leave.origin().node()) || round.isStale(leave.origin(), leave.ringSeq())) {
            return drop(DropReason.STALE);
        }
        round.joins().forget();
        round.apply(leave, context.id());
        context.note(CauseKind.memberLeft(context.id(), leave.origin().node()));
        return Gather.enter(context, round, GatherReason.JOIN_IN_COMMIT);
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
    public Optional<OldRing> installed() {
        return Optional.of(round.old());
    }

    @Override
    public Optional<ProtocolMessage> farewell() {
        return Optional.of(round.farewell(context.self(), context.ringSeq()));
    }
}
