/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.settings;

/**
 * The versions of the message format that a node understands ({@code docs/WIRE.md}). Immutable, any thread.
 *
 * @param lowest from 1
 * @param highest from {@code lowest} to 255
 */
public record WireVersions(int lowest, int highest) {

    /** The version that everybody understands who understands any. */
    public static final int FIRST = 1;

    /** What this code understands. */
    public static final WireVersions OURS = new WireVersions(FIRST, 1);

    private static final int MOST = 255;

    /** Whether the numbers are a range. */
    public boolean isRange() {
        return isVersion(lowest) && lowest <= highest && isVersion(highest);
    }

    /** Whether this can be a version at all. */
    public static boolean isVersion(int version) {
        return version >= FIRST && version <= MOST;
    }

    /** Whether a ring that speaks this version can be understood. */
    public boolean contain(int version) {
        return lowest <= version && version <= highest;
    }

    /** Whether nodes that understand these and those can share a ring. */
    public boolean overlap(WireVersions those) {
        return lowest <= those.highest && those.lowest <= highest;
    }
}
