/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.SortedMap;

/**
 * Keys, proofs of lives, and frames that did not open, of a snapshot. Immutable, any thread.
 *
 * @param all the snapshot
 */
public record SealStats(NodeStats all) {

    public SealStats {
        requireNonNull(all, "all");
    }

    /** The key in use. */
    public long sealingKey() {
        return all.get(Statistics.SEALING_KEY);
    }

    /** Changes of the key. */
    public long rekeys() {
        return all.get(Statistics.REKEYS);
    }

    /** Lives asked to prove that they are live. */
    public long livesChallenged() {
        return all.get(Statistics.LIVES_CHALLENGED);
    }

    /** Times that this node was asked to prove that it is live, and answered. */
    public long challengesAnswered() {
        return all.get(Statistics.CHALLENGES_ANSWERED);
    }

    /** Lives that have proven it. */
    public long livesProven() {
        return all.get(Statistics.LIVES_PROVEN);
    }

    /** Answers of members that were asked where they are. */
    public long pathsProven() {
        return all.get(Statistics.PATHS_PROVEN);
    }

    /** Answers that nobody waited for. */
    public long answersUnused() {
        return all.get(Statistics.ANSWERS_UNUSED);
    }

    /** Frames that did not open, by reason: {@code not-authentic}, {@code other-suite}, … */
    public SortedMap<String, Long> refused() {
        return all.byReason(Statistics.REFUSED);
    }
}
