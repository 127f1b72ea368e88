/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.util.context.Context;

/**
 * Outcomes of sends of one publisher that are signalled in one call. The turn's; in the hands of the user while it is emitted, also
 * where another turn has begun meanwhile.
 */
final class OutcomeRun implements HandleLane.Signal {

    private final OrderedSignal[] sends = new OrderedSignal[LaneSlice.HAND];
    private int size;
    private int emitted;

    /** With this one; what was in it before is forgotten. */
    void begin(OrderedSignal first) {
        size = 0;
        emitted = 0;
        add(first);
    }

    boolean accepts(OrderedSignal send) {
        return size < sends.length && send.whom() == sends[0].whom();
    }

    void add(OrderedSignal send) {
        sends[size++] = send;
    }

    int size() {
        return size;
    }

    /** What was not signalled, as the JVM failed. */
    List<OrderedSignal> rest() {
        return emitted == size ? List.of() : List.of(Arrays.copyOfRange(sends, emitted, size));
    }

    /** One that throws does not keep those behind it from their signals; the first error is thrown when all have had theirs. */
    @Override
    public void emit() {
        Throwable first = null;
        while (emitted < size) {
            try {
                sends[emitted++].emit();
            } catch (Throwable thrown) {
                Exceptions.throwIfJvmFatal(thrown);
                first = joined(first, thrown);
            }
        }
        if (first instanceof Error error) {
            throw error;
        }
        if (first != null) {
            throw Exceptions.propagate(first);
        }
    }

    private static Throwable joined(@Nullable Throwable first, Throwable thrown) {
        if (first == null) {
            return thrown;
        }
        if (first != thrown) {
            first.addSuppressed(thrown);
        }
        return first;
    }

    @Override
    public Context currentContext() {
        return sends[0].currentContext();
    }
}
