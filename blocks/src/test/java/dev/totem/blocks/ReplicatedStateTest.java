/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.testkit.Fault;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;

class ReplicatedStateTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TotemSimulation(nodes = 3, seeds = 20)
    void everybodyAppliesTheSame(Simulation sim) {
        Registers registers = new Registers(sim, 3, settings -> settings);
        sim.runUntil(() -> sim.nodes().size() == 3 && registers.isEverybodyInState(), LIMIT);
        registers.use(Duration.ofMillis(20), Duration.ofSeconds(1));
        sim.run(Duration.ofSeconds(2));
        assertThat(registers.history().answered()).isEqualTo(registers.history().called());
        registers.checkAtTheEnd();
        registers.checkHistory();
    }

    @TotemSimulation(
            nodes = 5,
            seeds = 100,
            faults = {
                Fault.PARTITION,
                Fault.ONE_WAY,
                Fault.LOSS,
                Fault.DELAY,
                Fault.PAUSE,
                Fault.TOKEN_LOSS,
                Fault.MULTICAST_LOSS,
                Fault.DUPLICATION,
                Fault.REORDERING,
                Fault.CLOCK_SKEW,
                Fault.SLOW_SUBSCRIBER
            })
    void isLinearizableWhateverTheNetworkDoes(Simulation sim) {
        Registers registers = new Registers(sim, 5, settings -> settings.memory(2_000, 1 << 20));
        sim.run(Duration.ofMillis(500));
        registers.use(Duration.ofMillis(40), Duration.ofSeconds(6));
        sim.run(Duration.ofSeconds(6));
        sim.settle();
        registers.checkAtTheEnd();
    }
}
