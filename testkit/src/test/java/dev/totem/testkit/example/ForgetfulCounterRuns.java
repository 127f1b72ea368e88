/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.example;

import dev.totem.testkit.Fault;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;

/** The test of {@link SharedCounterTest} with the wrong counter: it must fail, so its name is none that the build runs. */
public class ForgetfulCounterRuns {

    @TotemSimulation(
            nodes = 3,
            seeds = 200,
            faults = {Fault.PARTITION, Fault.ONE_WAY, Fault.LOSS, Fault.DELAY, Fault.PAUSE})
    void countsWhatIsAddedOnBothSidesOfAPartition(Simulation sim) {
        SharedCounterTest.countsEverything(sim, ForgetfulCounter::new);
    }
}
