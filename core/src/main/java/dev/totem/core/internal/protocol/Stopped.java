/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.internal.message.ProtocolMessage;
import java.util.Optional;

/** Before the start and after the end: nothing means anything. */
record Stopped(RingObserver observer) implements RingState {

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
}
