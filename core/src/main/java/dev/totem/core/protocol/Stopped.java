/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.protocol;

import dev.totem.core.message.CommitToken;
import dev.totem.core.message.HoldCancel;
import dev.totem.core.message.Join;
import dev.totem.core.message.Leave;
import dev.totem.core.message.MergeDetect;
import dev.totem.core.message.ProtocolMessage;
import dev.totem.core.message.RecoveredMessage;
import dev.totem.core.message.RegularMessage;
import dev.totem.core.message.RegularToken;
import java.util.Optional;

/** Before the start and after the end: nothing means anything. */
final class Stopped implements RingState {

    @Override
    public RingPhase phase() {
        return RingPhase.STOPPED;
    }

    @Override
    public RingState expired(TimerKind kind) {
        return this;
    }

    @Override
    public boolean isSettled() {
        return true;
    }

    @Override
    public Optional<ProtocolMessage> farewell() {
        return Optional.empty();
    }

    @Override
    public RingState regularMessage(RegularMessage message) {
        return this;
    }

    @Override
    public RingState recoveredMessage(RecoveredMessage message) {
        return this;
    }

    @Override
    public RingState regularToken(RegularToken token) {
        return this;
    }

    @Override
    public RingState commitToken(CommitToken token) {
        return this;
    }

    @Override
    public RingState join(Join join) {
        return this;
    }

    @Override
    public RingState leave(Leave leave) {
        return this;
    }

    @Override
    public RingState mergeDetect(MergeDetect detect) {
        return this;
    }

    @Override
    public RingState holdCancel(HoldCancel cancel) {
        return this;
    }
}
