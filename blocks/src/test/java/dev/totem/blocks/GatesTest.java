/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Quorum;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.Disposable;

class GatesTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private final List<String> passed = new ArrayList<>();

    private OnNodes<Gates> gates(Simulation sim) {
        passed.clear();
        OnNodes<Gates> gates =
                new OnNodes<>(sim, Gates.of("gates", Quorum.majority(3)).lease(Duration.ofSeconds(1)));
        gates.awaitInState(3);
        return gates;
    }

    private Disposable arrive(Simulation sim, OnNodes<Gates> gates, int id) {
        Disposable waiting = gates.on(id)
                .barrier("start", 3)
                .await()
                .subscribe(nothing -> {}, failed -> passed.add(failed.getMessage()), () -> passed.add("node " + id));
        sim.run(SHORT);
        return waiting;
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void aLatchOpensForGoodWhenItWasCountedDown(Simulation sim) {
        OnNodes<Gates> gates = gates(sim);
        gates.on(3)
                .latch("ready", 2)
                .await()
                .subscribe(nothing -> {}, Throwable::printStackTrace, () -> passed.add("node 3"));
        sim.await(gates.on(1).latch("ready", 2).countDown(), OnNodes.LIMIT);
        sim.run(SHORT);
        assertThat(passed).isEmpty();
        assertThat(gates.await(gates.on(1).latch("ready", 2).count())).isEqualTo(1L);
        sim.await(gates.on(2).latch("ready", 2).countDown(), OnNodes.LIMIT);
        sim.run(SHORT);
        assertThat(passed).containsExactly("node 3");
        sim.await(gates.on(1).latch("ready", 2).await(), SHORT);
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void aBarrierLetsAllPassTogetherAndBeginsAgain(Simulation sim) {
        OnNodes<Gates> gates = gates(sim);
        for (int round = 0; round < 2; round++) {
            arrive(sim, gates, 1);
            arrive(sim, gates, 2);
            assertThat(passed).isEmpty();
            arrive(sim, gates, 3);
            assertThat(passed).containsExactlyInAnyOrder("node 1", "node 2", "node 3");
            passed.clear();
        }
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whoIsGoneDoesNotCount(Simulation sim) {
        OnNodes<Gates> gates = gates(sim);
        arrive(sim, gates, 1);
        arrive(sim, gates, 2).dispose();
        arrive(sim, gates, 3);
        assertThat(passed).isEmpty();
        sim.crash(3);
        sim.run(Duration.ofSeconds(3));
        arrive(sim, gates, 2);
        sim.restart(3);
        gates.awaitInState(3);
        assertThat(passed).isEmpty();
        arrive(sim, gates, 3);
        assertThat(passed).containsExactlyInAnyOrder("node 1", "node 2", "node 3");
    }
}
