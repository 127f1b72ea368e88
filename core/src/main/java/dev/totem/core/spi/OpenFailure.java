/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import dev.totem.core.Statistic;
import dev.totem.core.Statistics;

/** Why a frame did not open; each is a counter. */
@SuppressWarnings("ImmutableEnumChecker") // statistics are immutable
public enum OpenFailure {
    /** Not a frame: wrong first bytes, unknown version, or a length that does not fit. */
    MALFORMED(Statistics.REFUSED_MALFORMED),
    /** Another suite than ours. */
    OTHER_SUITE(Statistics.REFUSED_OTHER_SUITE),
    /** Another cluster than ours. */
    OTHER_CLUSTER(Statistics.REFUSED_OTHER_CLUSTER),
    /** Sealed, as it says, with a key that we do not have, or have no more. */
    OTHER_KEY(Statistics.REFUSED_OTHER_KEY),
    /** Sealed with another key than it says, or altered on the way. */
    NOT_AUTHENTIC(Statistics.REFUSED_NOT_AUTHENTIC),
    /** Sealed for another node. */
    OTHER_RECEIVER(Statistics.REFUSED_OTHER_RECEIVER),
    /** Opened before, or of a time of which this cannot be told; or our own. */
    REPLAYED(Statistics.REFUSED_REPLAYED),
    /** Sealed by this life with a number that it has not used yet: a copy of this process runs. A new life was begun. */
    COPIED(Statistics.REFUSED_COPIED),
    /** Of a life that has not proven yet that it is live, and was asked to a moment ago or is asked by another member. */
    UNPROVEN(Statistics.REFUSED_UNPROVEN),
    /** Of a life never heard of, or altered as others of its life were, while more such arrive than are looked at. */
    OVER_LIMIT(Statistics.REFUSED_OVER_LIMIT);

    private final Statistic statistic;

    OpenFailure(Statistic statistic) {
        this.statistic = statistic;
    }

    /** What it is counted as. */
    public Statistic statistic() {
        return statistic;
    }
}
