/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

/** Why a node went to Gather; the numbers are corosync's, for logs that compare ({@code PROTOCOL.md} 3.3). */
public enum GatherReason {
    CONSENSUS_TIMEOUT(0),
    TOKEN_LOST_IN_OPERATIONAL(2),
    TOKEN_LOST_IN_GATHER(3),
    TOKEN_LOST_IN_COMMIT(4),
    TOKEN_LOST_IN_RECOVERY(5),
    FAILED_TO_RECEIVE(6),
    FOREIGN_MESSAGE_IN_OPERATIONAL(7),
    FOREIGN_MESSAGE_IN_GATHER(8),
    MERGE_DETECT_IN_OPERATIONAL(9),
    MERGE_DETECT_IN_GATHER(10),
    JOIN_CHANGED_SETS(11),
    JOIN_IN_OPERATIONAL(12),
    JOIN_IN_COMMIT(13),
    JOIN_IN_RECOVERY(14),
    /** The node started, or was told that its link came up. */
    LINK_UP(15),
    /** The same membership failed again and again: the thesis' termination rule ({@code PROTOCOL.md} 3.4). Ours. */
    TERMINATION_RULE(100),
    /** A later life with this node's id announces a higher ring number ({@code PROTOCOL.md} 8). Ours. */
    OUTNUMBERED(101),
    /** Messages are held under numbers that the token has not assigned. Ours. */
    NUMBERS_CONTRADICT(102),
    /** The token goes round, and the recovery does not go on. Ours. */
    RECOVERY_STANDS_STILL(103);

    private final int code;

    GatherReason(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
