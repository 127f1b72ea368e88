/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

/** Why a node went to Gather ({@code PROTOCOL.md} 3.3). */
public enum GatherReason {
    CONSENSUS_TIMEOUT,
    TOKEN_LOST_IN_OPERATIONAL,
    TOKEN_LOST_IN_GATHER,
    TOKEN_LOST_IN_COMMIT,
    TOKEN_LOST_IN_RECOVERY,
    FAILED_TO_RECEIVE,
    FOREIGN_MESSAGE_IN_OPERATIONAL,
    FOREIGN_MESSAGE_IN_GATHER,
    MERGE_DETECT_IN_OPERATIONAL,
    MERGE_DETECT_IN_GATHER,
    JOIN_CHANGED_SETS,
    JOIN_IN_OPERATIONAL,
    JOIN_IN_COMMIT,
    JOIN_IN_RECOVERY,
    /** The node started, or was told that its link came up. */
    LINK_UP,
    /** The same membership failed again and again: the thesis' termination rule ({@code PROTOCOL.md} 3.4). Ours. */
    TERMINATION_RULE,
    /** A later life with this node's id announces a higher ring number ({@code PROTOCOL.md} 8). Ours. */
    OUTNUMBERED,
    /** Messages are held under numbers that the token has not assigned. Ours. */
    NUMBERS_CONTRADICT,
    /** The token goes round, and the recovery does not go on. Ours. */
    RECOVERY_STANDS_STILL
}
