/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

/** The timers of {@code PROTOCOL.md} 5, in the order in which they are served when several are due. */
public enum TimerKind {
    /** The representative passes a held token on. */
    HOLD,
    /** A copy of the token that was passed on last goes out. */
    TOKEN_RETRANSMIT,
    /** The Join is sent again. */
    JOIN,
    /** The representative of an idle ring announces it. */
    MERGE,
    /** Silent candidates are given up on. */
    CONSENSUS,
    /** No new token came. */
    TOKEN_LOSS
}
