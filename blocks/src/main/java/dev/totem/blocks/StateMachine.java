/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Evidence;
import reactor.core.publisher.Flux;

/**
 * A deterministic state machine: equal commands in equal order make equal states and results. One thread, that of its
 * replica. Everything it does follows from its calls: no clock, no chance, no order of a hash.
 *
 * <p>What it throws stops its replica: what is wrong with a command belongs into the result.
 *
 * @param <C> commands
 * @param <R> results, never null
 */
public interface StateMachine<C, R> {

    /** Applies a command. */
    R apply(Context at, C command);

    /**
     * What of a result is compared with that of the other replicas, to find a machine that does not keep to the rule: equal at all
     * replicas, whatever process they are in.
     *
     * <p>Of texts, numbers, truth values, bytes, enum constants, times, positions and optionals and lists of them it is all; of other
     * results it is nothing, and for them it is well to write this method. Nothing is compared if it gives no bytes. It may also
     * show what the state is like behind the command, as far as that is quick.
     */
    default byte[] evidence(R result) {
        return Evidence.of(result);
    }

    /** A member takes part from now on. */
    default void joined(Context at, Member member) {}

    /**
     * A member is gone for good: it closed, its node was started again, or it was out of the primary for longer than the lease.
     * What it held can be given to others.
     */
    default void ended(Context at, Member member) {}

    /** Ordered time has gone on without a command, if ticks are on. */
    default void timePassed(Context at) {}

    /**
     * The state as of this call, in chunks of at most 256 KiB, 64 KiB being a good size.
     *
     * <p>Cold, subscribed once, later and on any thread, with demand; what is applied after the call must not show.
     */
    Flux<byte[]> snapshot();

    /** Takes the next chunk of a snapshot of another replica. Called on a machine that has applied nothing, before all else. */
    void restore(byte[] chunk);
}
