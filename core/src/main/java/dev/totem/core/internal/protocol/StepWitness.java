/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import java.util.List;

/**
 * Sees the state of a machine after each of its steps, so that a simulation can compare all machines of a ring. Called
 * inside the steps, on the node's loop; changes nothing.
 */
@FunctionalInterface
public interface StepWitness {

    /** Nobody looks, and no view is made: the node in production. */
    StepWitness NONE = (input, view, effects) -> {};

    /**
     * A step is over.
     *
     * @param input what happened
     * @param view the state after it
     * @param effects what the step wants done, in order
     */
    void stepped(Input input, RingView view, List<Effect> effects);

    /** Both look, this one first. */
    default StepWitness and(StepWitness other) {
        return (input, view, effects) -> {
            stepped(input, view, effects);
            other.stepped(input, view, effects);
        };
    }
}
