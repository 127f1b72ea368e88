/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

/** Why a node went to Gather; the numbers are corosync's, for logs that compare ({@code PROTOCOL.md} 3.3). */
public enum GatherReason {
    CONSENSUS_TIMEOUT(0, "not all agreed in time"),
    TOKEN_LOST_IN_OPERATIONAL(2, "no token came"),
    TOKEN_LOST_IN_GATHER(3, "no token came"),
    TOKEN_LOST_IN_COMMIT(4, "the next ring was agreed upon, and its token did not come back"),
    TOKEN_LOST_IN_RECOVERY(5, "no token came while old messages were exchanged"),
    FAILED_TO_RECEIVE(6, "a member did not receive what it lacked"),
    FOREIGN_MESSAGE_IN_OPERATIONAL(7, "another ring was heard"),
    FOREIGN_MESSAGE_IN_GATHER(8, "another ring was heard"),
    MERGE_DETECT_IN_OPERATIONAL(9, "another ring was heard"),
    MERGE_DETECT_IN_GATHER(10, "another ring was heard"),
    JOIN_CHANGED_SETS(11, "another node wants a ring of other members"),
    JOIN_IN_OPERATIONAL(12, "another node looks for a ring"),
    JOIN_IN_COMMIT(13, "another node looks for a ring"),
    JOIN_IN_RECOVERY(14, "another node looks for a ring"),
    /** The node started, or was told that its link came up. */
    LINK_UP(15, "the start"),
    /** The same membership failed again and again: the thesis' termination rule ({@code PROTOCOL.md} 3.4). Ours. */
    TERMINATION_RULE(100, "the same members failed to form a ring again and again"),
    /** A later life with this node's id announces a higher ring number ({@code PROTOCOL.md} 8). Ours. */
    OUTNUMBERED(101, "another process with this id has started later"),
    /** Messages are held under numbers that the token has not assigned. Ours. */
    NUMBERS_CONTRADICT(102, "messages have numbers that the token has not given"),
    /** The token goes round, and the recovery does not go on. Ours. */
    RECOVERY_STANDS_STILL(103, "the exchange of old messages did not go on");

    private final int code;
    private final String words;

    GatherReason(int code, String words) {
        this.code = code;
        this.words = words;
    }

    public int code() {
        return code;
    }

    /** What happened, for users. */
    public String words() {
        return words;
    }
}
