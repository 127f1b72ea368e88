/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.core.Position;

/**
 * Positions as text of fixed width, whose order as text is that of the positions: what a resource compares that was never told
 * of a ring, to refuse a holder that has lost. Any thread.
 */
public final class FencingToken {

    private FencingToken() {}

    /** 51 characters: hexadecimal digits and hyphens. */
    public static String of(Position position) {
        return "%016x-%08x-%016x-%08x"
                .formatted(
                        position.ring().seq(),
                        position.ring().representative().value(),
                        position.seq(),
                        position.index());
    }
}
