/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.internal.settings.WireVersions;
import java.util.List;

/**
 * What a node says of itself when a ring forms, so that others can compare it with themselves. Immutable, any thread.
 *
 * @param settings ascending by code, no code twice; those that a reader does not know mean nothing to it
 */
public record Profile(WireVersions versions, List<Setting> settings) {

    /** Most settings that a node may tell. */
    public static final int SETTINGS_MAX = 32;

    /** Of a node that tells nothing of its settings. */
    public static final Profile UNTOLD = new Profile(WireVersions.OURS, List.of());

    public Profile {
        settings = List.copyOf(settings);
    }

    /**
     * One setting as a number.
     *
     * @param code which one, 1 to 255
     * @param value from 0
     */
    public record Setting(int code, long value) {}
}
