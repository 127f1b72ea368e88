/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ChangeCause;
import dev.totem.core.ConfigChange;
import dev.totem.core.DuplicateNodeIdException;
import dev.totem.core.RingId;
import dev.totem.core.RingProgress;
import dev.totem.core.internal.membership.OldRing;
import dev.totem.core.internal.membership.RingMembers;
import dev.totem.core.internal.membership.SettingDifference;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.ordering.DeliveryCursor;
import dev.totem.core.internal.ordering.Restraint;
import dev.totem.core.internal.ordering.RingOrder;
import dev.totem.core.internal.packing.PacketSource;
import dev.totem.core.internal.settings.NodeSettings;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The only door to the protocol: inputs in, effects out, time as an argument. Node loop only.
 *
 * <p>The driver feeds one {@link Input} at a time, carries out the drained effects in order, and feeds
 * {@link Input.TimerDue} when the deadline has passed. A step that finds an invariant broken throws
 * {@code ProtocolFailureException}; the machine must not be used after.
 */
public final class RingMachine implements InputHandler {

    private final RingContext context;
    private final PauseGuard pauses;
    private final DuplicateIds duplicates;
    private final StepWitness witness;
    private RingState state;

    /**
     * @param self this node and this life of it
     * @param source what this node originates
     * @param random the only source of chance
     * @param observer told what happens, inside the steps
     */
    public RingMachine(
            Origin self, NodeSettings config, PacketSource source, RandomGenerator random, RingObserver observer) {
        this(self, config, source, random, observer, StepWitness.NONE);
    }

    /** The same, with somebody who looks at every step. */
    public RingMachine(
            Origin self,
            NodeSettings config,
            PacketSource source,
            RandomGenerator random,
            RingObserver observer,
            StepWitness witness) {
        this.witness = witness;
        context = new RingContext(self, config, source, random, observer);
        state = new Stopped(observer);
        pauses = new PauseGuard(config.timing().token().toNanos());
        duplicates = new DuplicateIds(self, config.timing().token().toNanos());
    }

    /**
     * Lets one thing happen.
     *
     * @param nowNanos monotonic time, never less than at the step before
     */
    public void step(long nowNanos, Input input) {
        context.now(nowNanos);
        boolean isAfterPause = pauses.stepped(nowNanos);
        if (isAfterPause) {
            context.observer().counted(RingCounter.PAUSES, 1);
            context.note(CauseKind.paused(context.id(), pauses.sleptNanos()));
            context.timers().postpone(pauses.graceUntilNanos());
        }
        boolean isLeaseOver = hasOverslept(nowNanos);
        if (isAfterPause || isLeaseOver) {
            context.observer().slept(pauses.sleptNanos(), isLeaseOver);
        }
        if (witness == StepWitness.NONE) {
            input.dispatch(this);
        } else {
            int waiting = context.effectsWaiting();
            input.dispatch(this);
            witness.stepped(input, view(), context.effectsAfter(waiting));
        }
    }

    /** Whether the lease ended while this process stood still. */
    private boolean hasOverslept(long nowNanos) {
        long until = context.lease().untilNanos();
        return until != PrimaryLease.NONE
                && nowNanos - until >= 0
                && pauses.hasMissedProbes()
                && !pauses.wasOver(until);
    }

    /** Until when, by the clock of {@link #step}, no other ring can be primary; 0 if that is not known. */
    public long leaseUntilNanos() {
        return context.lease().untilNanos();
    }

    private RingView view() {
        return new RingView(
                context.self(),
                state.phase(),
                state.roundView(),
                state.orderView(),
                context.lease().untilNanos());
    }

    /** When {@link Input.TimerDue} is wanted next; {@link Long#MAX_VALUE} if never. */
    public long nextDeadlineNanos() {
        return phase() == RingPhase.STOPPED
                ? Long.MAX_VALUE
                : Math.min(context.timers().nextDeadlineNanos(), pauses.probeDeadlineNanos());
    }

    /** The effects of the steps since the last call, in order; the list belongs to the caller. */
    public List<Effect> drain() {
        return context.drain();
    }

    /**
     * Whether every member is known to hold all that was delivered here, so that leaving now takes no message along; false
     * while a ring is being formed.
     */
    public boolean isSettled() {
        return state.isSettled();
    }

    /** How far the order of the ring is; empty while one is looked for. */
    public Optional<RingProgress> progress() {
        return state.progress();
    }

    public RingPhase phase() {
        return state.phase();
    }

    /** The highest ring number used or heard of: the next ring's is above it. */
    public long ringSeqMax() {
        return context.ringSeqMax();
    }

    /** {@code PROTOCOL.md} 8: a number above all used before, a ring of its own, and only then the search for others. */
    @Override
    public void start(Input.Start start) {
        long storedRingSeq = start.storedRingSeq();
        duplicates.started(storedRingSeq);
        context.started(start.ringSeqMax());
        context.useRingSeq(storedRingSeq + RingId.STEP);
        RingId ring = new RingId(context.id(), context.ringSeq());
        RingMembers members = new RingMembers(List.of(context.self()));
        ConfigChange change = ConfigChange.regular(ring, members.ids(), members.ids());
        context.changeToRegular(change, context.quorum().alone(context.id()));
        RingOrder order = context.newOrder(ring);
        OldRing own = new OldRing(members, order, new DeliveryCursor(order.store(), 0));
        context.causes().leaving(context.nowNanos());
        state = Gather.enter(context, Round.from(own, context.id()), GatherReason.LINK_UP);
    }

    @Override
    public void received(ProtocolMessage message) {
        Origin origin = message.origin();
        if (!context.isCredible(announcedRingSeq(message))) {
            context.observer().dropped(DropReason.RING_SEQ_TOO_HIGH);
            return;
        }
        if (origin.node().equals(context.id()) && !isOwnHop(message)) {
            fromOwnId(message);
            return;
        }
        if (message instanceof Join join) {
            if (!context.config().versions().overlap(join.profile().versions())) {
                context.observer().dropped(DropReason.OTHER_VERSION);
                return;
            }
            context.observer().heard(join);
            List<SettingDifference> differences = context.profiles().heard(join);
            differences.forEach(context.observer()::differs);
            differences.stream()
                    .findFirst()
                    .ifPresent(first -> context.note(CauseKind.settingsDiffer(context.id(), first)));
        }
        if (pauses.inGrace(context.nowNanos()) && isAnnouncement(message)) {
            context.observer().dropped(DropReason.AFTER_PAUSE);
        } else {
            state = message.dispatch(state);
        }
    }

    /** In a ring of one the token comes from this node itself. */
    private boolean isOwnHop(ProtocolMessage message) {
        return message.origin().equals(context.self())
                && (message instanceof RegularToken || message instanceof CommitToken);
    }

    private static boolean isAnnouncement(ProtocolMessage message) {
        return message instanceof Join || message instanceof MergeDetect;
    }

    private void fromOwnId(ProtocolMessage message) {
        if (message.origin().equals(context.self())) {
            context.observer().dropped(DropReason.OWN);
            return;
        }
        context.observer().dropped(DropReason.OTHER_INCARNATION);
        boolean isSign = isAnnouncement(message);
        long ringSeq = isSign ? announcedRingSeq(message) : 0;
        if (isSign) {
            context.lease().left();
            context.observer().duplicateId(context.id());
            context.note(CauseKind.twin(context.id()));
        }
        if (duplicates.isLater(message.origin()) && ringSeq > context.ringSeq()) {
            context.heardRingSeq(ringSeq);
            state = state.outnumbered();
        }
        if (duplicates.sighted(message.origin(), ringSeq, context.nowNanos())) {
            stop();
            context.emit(new Effect.Stop(new DuplicateNodeIdException(context.id())));
        }
    }

    /** The number that whoever believes the message takes for used; 0 if it names none. */
    private static long announcedRingSeq(ProtocolMessage message) {
        if (message instanceof Join join) {
            return join.ringSeq();
        } else if (message instanceof MergeDetect detect) {
            return detect.ring().seq();
        } else if (message instanceof Leave leave) {
            return leave.ringSeq();
        }
        return message instanceof CommitToken token ? token.ring().seq() : 0;
    }

    @Override
    public void timerDue() {
        Optional<TimerKind> due = context.timers().pollDue(context.nowNanos());
        while (due.isPresent()) {
            context.observer().expired(due.get());
            state = state.expired(due.get());
            due = context.timers().pollDue(context.nowNanos());
        }
    }

    @Override
    public void submitted() {
        state = state.submitted();
    }

    @Override
    public void refused(ChangeCause.KeyUnknown.Why why) {
        context.note(CauseKind.keyUnknown(context.id(), why));
    }

    @Override
    public void holdBack(Restraint restraint) {
        context.restraint(restraint);
        if (restraint != Restraint.STOPPED) {
            state = state.submitted();
        }
    }

    @Override
    public void leave() {
        state.farewell().ifPresent(context::multicast);
        context.causes().leaving(context.nowNanos());
        context.note(CauseKind.memberLeft(context.id(), context.id()));
        state.installed().ifPresent(ring -> new OldMessages(context, ring).deliverAndLeave());
        stop();
    }

    private void stop() {
        context.lease().left();
        state = new Stopped(context.observer());
        context.timers().cancelAll();
        context.observer().entered(RingPhase.STOPPED, "");
    }
}
