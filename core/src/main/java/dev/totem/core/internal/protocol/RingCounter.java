/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.Statistic;
import dev.totem.core.Statistics;

/** What the machine counts. */
@SuppressWarnings("ImmutableEnumChecker") // statistics are immutable
public enum RingCounter {
    /** Regular tokens accepted. */
    TOKENS(Statistics.TOKENS),
    /** Copies of a token sent because its successor was silent. */
    TOKENS_RESENT(Statistics.TOKENS_RESENT),
    /** Regular messages originated. */
    MESSAGES_ORIGINATED(Statistics.MESSAGES_ORIGINATED),
    /** Ordered messages filed, own ones included. */
    MESSAGES_RECEIVED(Statistics.MESSAGES_RECEIVED),
    /** Messages sent again on request. */
    MESSAGES_RETRANSMITTED(Statistics.MESSAGES_RETRANSMITTED),
    /** Missing messages put on the token. */
    RETRANSMITS_REQUESTED(Statistics.RETRANSMITS_REQUESTED),
    /** Old messages sent again during recovery. */
    MESSAGES_RECOVERED(Statistics.MESSAGES_RECOVERED),
    /** Messages delivered. */
    MESSAGES_DELIVERED(Statistics.MESSAGES_DELIVERED),
    /** Tokens kept because the ring was idle. */
    TOKENS_HELD(Statistics.TOKENS_HELD),
    /** Hold cancels sent. */
    HOLDS_CANCELLED(Statistics.HOLDS_CANCELLED),
    /** Shifts to Gather. */
    GATHERS(Statistics.GATHERS),
    /** Regular configurations installed. */
    RINGS_INSTALLED(Statistics.RINGS_INSTALLED),
    /** Pauses of the process noticed. */
    PAUSES(Statistics.PAUSES);

    private final Statistic statistic;

    RingCounter(Statistic statistic) {
        this.statistic = statistic;
    }

    /** What it is counted as. */
    public Statistic statistic() {
        return statistic;
    }
}
