/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.Statistic;
import dev.totem.core.Statistics;

/** Why a message from the network was ignored; each is a counter. */
@SuppressWarnings("ImmutableEnumChecker") // statistics are immutable
public enum DropReason {
    /** From this node itself. */
    OWN(Statistics.DROPPED_OWN),
    /** A token or ordered message of another ring. */
    OTHER_RING(Statistics.DROPPED_OTHER_RING),
    /** A token at or below the last accepted one. */
    DUPLICATE_TOKEN(Statistics.DROPPED_DUPLICATE_TOKEN),
    /** An ordered message that is held or was delivered already. */
    DUPLICATE_MESSAGE(Statistics.DROPPED_DUPLICATE_MESSAGE),
    /** An ordered message beyond what the store can hold. */
    OUT_OF_RANGE(Statistics.DROPPED_OUT_OF_RANGE),
    /** Not expected in this state. */
    WRONG_STATE(Statistics.DROPPED_WRONG_STATE),
    /** From an earlier ring or an earlier membership round. */
    STALE(Statistics.DROPPED_STALE),
    /** From a member id, but another life of it than the member's. */
    OTHER_INCARNATION(Statistics.DROPPED_OTHER_INCARNATION),
    /** A commit token with another membership than agreed. */
    OTHER_MEMBERSHIP(Statistics.DROPPED_OTHER_MEMBERSHIP),
    /** Of a node, or of an attempt, that speaks no version of the message format that this one understands. */
    OTHER_VERSION(Statistics.DROPPED_OTHER_VERSION),
    /** A join that holds this node, or whose sender is held, to have failed. */
    FAILED_SENDER(Statistics.DROPPED_FAILED_SENDER),
    /** From a node that was heard while the present ring was formed and is not in it, and may not hear all of it. */
    QUARANTINED(Statistics.DROPPED_QUARANTINED),
    /** Of a node with which the ring would be larger than the largest one. */
    RING_FULL(Statistics.DROPPED_RING_FULL),
    /** Names a ring number that no cluster can have come to. */
    RING_SEQ_TOO_HIGH(Statistics.DROPPED_RING_SEQ_TOO_HIGH),
    /** A token with a value that the members of its ring cannot have written. */
    IMPOSSIBLE_TOKEN(Statistics.DROPPED_IMPOSSIBLE_TOKEN),
    /** A commit token that has skipped a member, or in which what this node wrote has been changed. */
    IMPOSSIBLE_COMMIT_TOKEN(Statistics.DROPPED_IMPOSSIBLE_COMMIT_TOKEN),
    /** Queued up while this process was paused. */
    AFTER_PAUSE(Statistics.DROPPED_AFTER_PAUSE);

    private final Statistic statistic;

    DropReason(Statistic statistic) {
        this.statistic = statistic;
    }

    /** What it is counted as. */
    public Statistic statistic() {
        return statistic;
    }
}
