/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.RingProgress;
import dev.totem.core.internal.membership.OldRing;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.MessageHandler;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import java.util.Optional;

/**
 * What each message and timer means in one state of {@code PROTOCOL.md} 3.3; every method returns the next state.
 *
 * <p>Node loop only. A message that means nothing in a state is dropped as that. A state owns the data that only it needs; what outlives it is handed over by constructor.
 */
sealed interface RingState extends MessageHandler<RingState> permits Operational, Gather, Commit, Recovery, Stopped {

    RingPhase phase();

    /** Where a message that is ignored is reported. */
    RingObserver observer();

    /** A timer that was armed is due; it is disarmed. */
    RingState expired(TimerKind kind);

    /** Something waits to be sent, or may be sent again. */
    default RingState submitted() {
        return this;
    }

    /** What a processor that has left its ring shows to a {@link StepWitness}. */
    default Optional<RingView.RoundView> roundView() {
        return Optional.empty();
    }

    /** What a processor that takes part in a ring shows to a {@link StepWitness}. */
    default Optional<RingView.OrderView> orderView() {
        return Optional.empty();
    }

    /** A later life with this node's id announces a higher ring number: the next ring's is above it. */
    default RingState outnumbered() {
        return this;
    }

    /** How far the order of the ring is; empty while one is looked for. */
    default Optional<RingProgress> progress() {
        return Optional.empty();
    }

    /** Whether every member is known to hold all that was delivered here. */
    default boolean isSettled() {
        return false;
    }

    /** The ring installed last, with what is not delivered of it; empty if there is none. */
    default Optional<OldRing> installed() {
        return Optional.empty();
    }

    /** How this processor says farewell; empty if nobody would miss it. */
    Optional<ProtocolMessage> farewell();

    /** Ignores a message, for a reason that is counted. */
    default RingState drop(DropReason reason) {
        observer().dropped(reason);
        return this;
    }

    @Override
    default RingState regularMessage(RegularMessage message) {
        return drop(DropReason.WRONG_STATE);
    }

    @Override
    default RingState recoveredMessage(RecoveredMessage message) {
        return drop(DropReason.WRONG_STATE);
    }

    @Override
    default RingState regularToken(RegularToken token) {
        return drop(DropReason.WRONG_STATE);
    }

    @Override
    default RingState commitToken(CommitToken token) {
        return drop(DropReason.WRONG_STATE);
    }

    @Override
    default RingState join(Join join) {
        return drop(DropReason.WRONG_STATE);
    }

    @Override
    default RingState leave(Leave leave) {
        return drop(DropReason.WRONG_STATE);
    }

    @Override
    default RingState mergeDetect(MergeDetect detect) {
        return drop(DropReason.WRONG_STATE);
    }

    @Override
    default RingState holdCancel(HoldCancel cancel) {
        return drop(DropReason.WRONG_STATE);
    }
}
