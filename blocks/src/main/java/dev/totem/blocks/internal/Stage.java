/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

/** Where a replica stands in a configuration. */
enum Stage {
    /** It is not known what the configuration goes on with. */
    LISTENING,
    /** It is known, and this replica has something else. */
    BEHIND,
    /** This replica has it. */
    FOLLOWING
}
