/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

/** One or more invariants of {@link RingRule}, asked after each step. One thread. */
@FunctionalInterface
interface StepRule {

    /**
     * Looks at a step.
     *
     * @param rings all rings, this step included
     */
    void check(Step step, Rings rings, Breaches breaches);
}
