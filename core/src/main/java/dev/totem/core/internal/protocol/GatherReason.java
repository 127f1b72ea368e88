/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

/** Why a node went to Gather ({@code PROTOCOL.md} 3.3). */
public enum GatherReason {
    CONSENSUS_TIMEOUT("not all agreed in time"),
    TOKEN_LOST_IN_OPERATIONAL("no token came"),
    TOKEN_LOST_IN_GATHER("no token came"),
    TOKEN_LOST_IN_COMMIT("the next ring was agreed upon, and its token did not come back"),
    TOKEN_LOST_IN_RECOVERY("no token came while old messages were exchanged"),
    FAILED_TO_RECEIVE("a member did not receive what it lacked"),
    FOREIGN_MESSAGE_IN_OPERATIONAL("another ring was heard"),
    FOREIGN_MESSAGE_IN_GATHER("another ring was heard"),
    MERGE_DETECT_IN_OPERATIONAL("another ring was heard"),
    MERGE_DETECT_IN_GATHER("another ring was heard"),
    JOIN_CHANGED_SETS("another node wants a ring of other members"),
    JOIN_IN_OPERATIONAL("another node looks for a ring"),
    JOIN_IN_COMMIT("another node looks for a ring"),
    JOIN_IN_RECOVERY("another node looks for a ring"),
    /** The node started, or was told that its link came up. */
    LINK_UP("the start"),
    /** The same membership failed again and again: the thesis' termination rule ({@code PROTOCOL.md} 3.4). Ours. */
    TERMINATION_RULE("the same members failed to form a ring again and again"),
    /** A later life with this node's id announces a higher ring number ({@code PROTOCOL.md} 8). Ours. */
    OUTNUMBERED("another process with this id has started later"),
    /** Messages are held under numbers that the token has not assigned. Ours. */
    NUMBERS_CONTRADICT("messages have numbers that the token has not given"),
    /** The token goes round, and the recovery does not go on. Ours. */
    RECOVERY_STANDS_STILL("the exchange of old messages did not go on");

    private final String words;

    GatherReason(String words) {
        this.words = words;
    }

    /** What happened, for users. */
    public String words() {
        return words;
    }
}
