/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ProtocolFailureException;

/** Assertions that are always on; a broken one stops the node, never the others. */
final class Invariant {

    private Invariant() {}

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new ProtocolFailureException("invariant broken: " + what);
        }
    }
}
