/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.ConfigChange;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A regular configuration of one life and the transitional one after it: com_p(c) of {@code PROTOCOL.md} 9.1. One thread. */
final class Stay {

    final Span regular;
    final @Nullable Span transitional;

    /** Ranks delivered in either. */
    final BitSet delivered = new BitSet();

    /** Ranks delivered in the regular configuration. */
    final BitSet deliveredRegular = new BitSet();

    Stay(Span regular) {
        this.regular = regular;
        Span after = regular.next;
        this.transitional = after != null && after.conf.kind() == ConfigChange.Kind.TRANSITIONAL ? after : null;
    }

    Life life() {
        return regular.life;
    }

    /** Whether the process went on to another regular configuration, so that everything due must have happened. */
    boolean isOver() {
        return transitional != null && transitional.next != null;
    }

    Optional<Span> transitionalSpan() {
        return Optional.ofNullable(transitional);
    }
}
