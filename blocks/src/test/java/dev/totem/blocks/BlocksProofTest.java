/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.testkit.Fault;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;

/**
 * Blocks on production nodes while things go wrong: operations of maps and counters are linearizable, watches miss nothing, states
 * are equal at equal positions, at no moment has a lock two holders or an election two leaders, and tokens grow. {@code
 * -Dtotem.seeds=4000} runs 20,000 schedules.
 */
class BlocksProofTest {

    @TotemSimulation(
            nodes = 3,
            seeds = 45,
            faults = {
                Fault.PARTITION,
                Fault.ONE_WAY,
                Fault.LOSS,
                Fault.DELAY,
                Fault.PAUSE,
                Fault.TOKEN_LOSS,
                Fault.DUPLICATION,
                Fault.REORDERING,
                Fault.CLOCK_SKEW
            })
    void mapsAndCountersWhateverTheNetworkDoes(Simulation sim) {
        BlockSchedules.of("map", 3).accept(sim);
    }

    @TotemSimulation(
            nodes = 3,
            seeds = 30,
            faults = {Fault.LOSS, Fault.DELAY})
    void mapsAndCountersWhileNodesCrash(Simulation sim) {
        BlockSchedules.of("map-crash", 3).accept(sim);
    }

    @TotemSimulation(nodes = 5, seeds = 30)
    void mapsAndCountersWhilePartsSplitAndMerge(Simulation sim) {
        BlockSchedules.of("map-parts", 5).accept(sim);
    }

    @TotemSimulation(
            nodes = 3,
            seeds = 60,
            faults = {
                Fault.PARTITION,
                Fault.ONE_WAY,
                Fault.LOSS,
                Fault.DELAY,
                Fault.PAUSE,
                Fault.TOKEN_LOSS,
                Fault.SLOW_SUBSCRIBER,
                Fault.CLOCK_SKEW
            })
    void locksAndLeadersWhateverTheNetworkDoes(Simulation sim) {
        BlockSchedules.of("seats", 3).accept(sim);
    }

    @TotemSimulation(
            nodes = 3,
            seeds = 40,
            faults = {Fault.LOSS, Fault.PAUSE})
    void locksAndLeadersWhileNodesCrash(Simulation sim) {
        BlockSchedules.of("seats-crash", 3).accept(sim);
    }
}
