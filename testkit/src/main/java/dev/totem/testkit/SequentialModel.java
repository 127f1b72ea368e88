/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

/**
 * What something does when it is used by one client at a time: a map, a counter, a lock, a state machine of your own. Any
 * thread, without side effects.
 *
 * @param <S> states, immutable, with {@code equals} and {@code hashCode}
 * @param <I> what is asked
 * @param <O> what is answered, compared by {@code equals}
 */
public interface SequentialModel<S, I, O> {

    /** The state before the first operation. */
    S initial();

    /** What an operation makes of a state, and what it answers. */
    Step<S, O> step(S state, I input);

    /** The state behind an operation, and its answer. */
    record Step<S, O>(S state, O output) {}
}
