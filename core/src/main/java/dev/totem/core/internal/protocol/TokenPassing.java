/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.membership.RingMembers;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.ordering.FlowControl;
import dev.totem.core.internal.ordering.MessageStore;
import dev.totem.core.internal.ordering.TokenHold;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What happens to the token of an installed ring after a visit: it is passed on, or held if the ring is idle, and sent
 * again if its successor stays silent ({@code PROTOCOL.md} 4.3, 4.8). Node loop only; one per ring.
 */
final class TokenPassing {

    private static final int ROTATION_SMOOTHING = 8;

    /** A pause between rotations is this part of the hold time, some milliseconds: far below the first copy of a token. */
    private static final int PAUSE_OF_HOLD = 64;

    private final RingContext context;
    private final RingMembers members;
    private final boolean represents;
    private final TokenHold hold;
    private final PassedToken passed;
    private Optional<RegularToken> held = Optional.empty();
    private long passedSeq;
    private long acceptedNanos;
    private long visitedNanos = Long.MIN_VALUE;
    private long rotationNanos;

    TokenPassing(RingContext context, RingMembers members, FlowControl flow) {
        this.context = context;
        this.members = members;
        represents = members.representative().equals(context.id());
        hold = new TokenHold(context.timing().seqnoUnchangedConst(), flow);
        passed = new PassedToken(context, members.successor(context.id()));
    }

    /**
     * A token was accepted and is to go on as given.
     *
     * @param mayPause this processor sent nothing new, and no SAFE message waits for rotations anywhere
     */
    void visited(RegularToken forwarded, boolean mayPause) {
        acceptedNanos = context.nowNanos();
        hold.visited(forwarded);
        context.arm(TimerKind.TOKEN_LOSS, context.timing().token());
        announceWhenIdle();
        if (represents && hold.holds()) {
            keep(forwarded, context.timing().hold());
        } else if (represents && mayPause && hold.isQuiet()) {
            keep(forwarded, context.timing().hold().dividedBy(PAUSE_OF_HOLD));
        } else {
            pass(forwarded);
        }
    }

    private void keep(RegularToken token, Duration time) {
        held = Optional.of(token);
        context.timers().cancel(TimerKind.TOKEN_RETRANSMIT);
        context.arm(TimerKind.HOLD, time);
        context.observer().counted(RingCounter.TOKENS_HELD, 1);
    }

    private void pass(RegularToken token) {
        held = Optional.empty();
        passedSeq = token.seq();
        context.timers().cancel(TimerKind.HOLD);
        passed.pass(token, rotationNanos, hold.seemsHeld());
    }

    /** A token was accepted; how long it took to come around, if it did so without being held. */
    OptionalLong arrived() {
        long before = visitedNanos;
        visitedNanos = context.nowNanos();
        if (before == Long.MIN_VALUE || hold.seemsHeld() || hold.isQuiet()) {
            return OptionalLong.empty();
        }
        long rotation = visitedNanos - before;
        // Twice the usual time at most: a rotation that waited for copies must not make the next copies later.
        long usual = rotationNanos == 0 ? rotation : Math.min(rotation, 2 * rotationNanos);
        rotationNanos += (usual - rotationNanos) / ROTATION_SMOOTHING;
        context.observer().rotated(rotation);
        return OptionalLong.of(rotation);
    }

    private void announceWhenIdle() {
        if (!hold.isUnchanged()) {
            context.timers().cancel(TimerKind.MERGE);
        } else if (represents && !context.timers().isArmed(TimerKind.MERGE)) {
            context.arm(TimerKind.MERGE, context.timing().merge());
        }
    }

    /** A held token goes on. */
    void release() {
        held.ifPresent(this::pass);
    }

    /** Somebody has something to send: the ring is not idle any more. */
    void wake() {
        if (held.isPresent()) {
            hold.released();
            release();
        } else {
            hold.cancel();
        }
    }

    /** This processor has something to send: the holder, if it is another one, is told once. */
    void submitted(RingId ring) {
        if (represents) {
            wake();
        } else if (hold.cancelOnce()) {
            context.observer().counted(RingCounter.HOLDS_CANCELLED, 1);
            context.unicast(members.representative(), new HoldCancel(context.self(), ring));
        }
    }

    void resend() {
        passed.resend();
    }

    /** The token did not come back. */
    void noteLoss(MessageStore store) {
        boolean isHeardOf = held.isEmpty() && store.highReceived() > passedSeq;
        NodeId lastHeard = isHeardOf
                ? store.get(store.highReceived())
                        .map(message -> message.origin().node())
                        .orElse(context.id())
                : context.id();
        context.note(CauseKind.tokenLost(context.id(), lastHeard, passed.copies(), context.nowNanos() - acceptedNanos));
    }

    /** A message above what was passed on proves that the token arrived (the paper's rule; not D14). */
    void evidence(long seq) {
        if (seq > passedSeq && held.isEmpty()) {
            passed.arrived();
        }
    }
}
