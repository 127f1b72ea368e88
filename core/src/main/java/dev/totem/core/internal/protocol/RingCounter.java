/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

/** What the machine counts. */
public enum RingCounter {
    /** Regular tokens accepted. */
    TOKENS,
    /** Copies of a token sent because its successor was silent. */
    TOKENS_RESENT,
    /** Regular messages originated. */
    MESSAGES_ORIGINATED,
    /** Ordered messages filed, own ones included. */
    MESSAGES_RECEIVED,
    /** Messages sent again on request. */
    MESSAGES_RETRANSMITTED,
    /** Missing messages put on the token. */
    RETRANSMITS_REQUESTED,
    /** Old messages sent again during recovery. */
    MESSAGES_RECOVERED,
    /** Messages delivered. */
    MESSAGES_DELIVERED,
    /** Tokens kept because the ring was idle. */
    TOKENS_HELD,
    /** Hold cancels sent. */
    HOLDS_CANCELLED,
    /** Shifts to Gather. */
    GATHERS,
    /** Regular configurations installed. */
    RINGS_INSTALLED,
    /** Pauses of the process noticed. */
    PAUSES
}
