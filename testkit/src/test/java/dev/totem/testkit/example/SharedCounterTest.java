/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.testkit.Fault;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import reactor.core.publisher.Flux;

class SharedCounterTest {

    // example:simulation
    @TotemSimulation(
            nodes = 3,
            seeds = 200,
            faults = {Fault.PARTITION, Fault.ONE_WAY, Fault.LOSS, Fault.DELAY, Fault.PAUSE})
    void countsWhatIsAddedOnBothSidesOfAPartition(Simulation sim) {
        countsEverything(sim, SharedCounter::new);
    }

    static void countsEverything(Simulation sim, Function<TotemNode, SharedCounter> made) {
        Map<NodeId, SharedCounter> counters = new TreeMap<>();
        sim.onStart(node -> {
            SharedCounter counter = made.apply(node);
            counters.put(node.id(), counter);
            counter.run().subscribe();
            Flux.interval(Duration.ofMillis(100))
                    .take(10)
                    .flatMap(tick -> counter.add())
                    .subscribe();
        });
        sim.always(() -> assertThat(counters.values()).allMatch(counter -> counter.total() <= 30));

        sim.run(Duration.ofSeconds(2));
        sim.settle();

        assertThat(counters.values()).extracting(SharedCounter::total).containsExactly(30L, 30L, 30L);
    }
    // example:end
}
