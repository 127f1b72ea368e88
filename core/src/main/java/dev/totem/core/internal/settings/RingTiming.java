/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.settings;

import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import java.time.Duration;

/** The timers of the protocol ({@code PROTOCOL.md} 5); {@link Settings} says what each is. Immutable, any thread. */
public record RingTiming(
        Duration token,
        Duration tokenRetransmit,
        Duration hold,
        Duration join,
        Duration sendJoin,
        Duration consensus,
        Duration merge,
        int failRecvConst,
        int seqnoUnchangedConst) {

    /** The least time in which a member gives up on another: from the loss of a token, or from the look for the next ring on. */
    public Duration patience() {
        return token.compareTo(consensus) < 0 ? token : consensus;
    }

    static RingTiming of(TotemConfig config) {
        return new RingTiming(
                config.get(Settings.TOKEN),
                config.get(Settings.TOKEN_RETRANSMIT),
                config.get(Settings.HOLD),
                config.get(Settings.JOIN),
                config.get(Settings.SEND_JOIN),
                config.get(Settings.CONSENSUS),
                config.get(Settings.MERGE),
                config.get(Settings.FAIL_RECV_CONST),
                config.get(Settings.SEQNO_UNCHANGED_CONST));
    }
}
