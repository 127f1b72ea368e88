/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

/**
 * The versions of the message format that a node understands ({@code docs/WIRE.md}).
 *
 * @param lowest from 1
 * @param highest from {@code lowest} to 255
 */
public record WireVersions(int lowest, int highest) {

    /** The version that this code writes. */
    public static final int CURRENT = 1;

    /** What this code understands. */
    public static final WireVersions OURS = new WireVersions(CURRENT, CURRENT);

    /** Whether the numbers are a range. */
    public boolean isRange() {
        return lowest >= 1 && lowest <= highest && highest <= 255;
    }

    /** Whether a message of that version is understood. */
    public boolean contain(int version) {
        return lowest <= version && version <= highest;
    }
}
