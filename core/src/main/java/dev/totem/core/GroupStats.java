/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/**
 * Groups, of a snapshot. Immutable, any thread.
 *
 * @param all the snapshot
 */
public record GroupStats(NodeStats all) {

    public GroupStats {
        requireNonNull(all, "all");
    }

    /** Groups that have members somewhere. */
    public long groups() {
        return all.get(Statistics.GROUPS);
    }

    /** Regular configurations that began with the lists of all members' groups. */
    public long exchanges() {
        return all.get(Statistics.GROUP_EXCHANGES);
    }
}
