/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.protocol;

import dev.totem.core.message.MessageHandler;
import dev.totem.core.message.ProtocolMessage;
import java.util.Optional;

/**
 * What each message and timer means in one state of {@code protocol.md} 3.3; every method returns the next state.
 *
 * <p>Node loop only. A state owns the data that only it needs; what outlives it is handed over by constructor.
 */
sealed interface RingState extends MessageHandler<RingState> permits Operational, Gather, Commit, Recovery, Stopped {

    RingPhase phase();

    /** A timer that was armed is due; it is disarmed. */
    RingState expired(TimerKind kind);

    /** Something waits to be sent, or may be sent again. */
    default RingState submitted() {
        return this;
    }

    /** Whether every member is known to hold all that was delivered here. */
    default boolean isSettled() {
        return false;
    }

    /** How this processor says farewell; empty if nobody would miss it. */
    Optional<ProtocolMessage> farewell();
}
