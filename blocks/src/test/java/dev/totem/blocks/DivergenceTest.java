/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import dev.totem.testkit.Fault;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Machines that do not keep to the rule: their replicas find it, say so, and go on with the state of most. */
class DivergenceTest {

    @TotemSimulation(nodes = 3, seeds = 10)
    void theOddOneSaysWhereItWentWrongAndGetsTheStateOfTheOthers(Simulation sim) {
        SumLife.oneGoesWrong(sim);
    }

    @TotemSimulation(nodes = 2, seeds = 5)
    void ofTwoTheLowerNodeIsTakenForRight(Simulation sim) {
        SumLife life = new SumLife(sim, 2, 4);
        life.wrong.add("1 c5");
        life.submit(1, 1, 20);
        sim.runUntil(() -> life.divergence(2).isPresent() && life.areInState(), SumLife.LIMIT);
        assertThat(life.divergence(1)).isEmpty();
        assertThat(life.sums()).containsOnly(1_019L);
    }

    @TotemSimulation(nodes = 5, seeds = 5)
    void theLargestGroupIsTakenForRight(Simulation sim) {
        SumLife life = new SumLife(sim, 5, 4);
        life.wrong.addAll(Set.of("1 c5", "2 c6", "4 c7"));
        life.submit(3, 1, 40);
        sim.runUntil(
                () -> life.divergence(1).isPresent()
                        && life.divergence(2).isPresent()
                        && life.divergence(4).isPresent()
                        && life.areInState(),
                SumLife.LIMIT);
        assertThat(life.divergence(3)).isEmpty();
        assertThat(life.divergence(5)).isEmpty();
        assertThat(life.sums()).containsOnly(40L);
    }

    @TotemSimulation(nodes = 3, seeds = 10)
    void whatWaitsForAnAnswerFromAWrongStateIsUnknown(Simulation sim) {
        SumLife life = new SumLife(sim, 3, 4);
        life.wrong.add("3 c5");
        List<Throwable> failures = new ArrayList<>();
        Flux.interval(Duration.ofNanos(100_000))
                .take(300)
                .flatMap(
                        i -> life.state(3)
                                .submit("c" + i)
                                .doOnError(failures::add)
                                .onErrorComplete(),
                        Integer.MAX_VALUE)
                .subscribe();
        sim.runUntil(() -> life.divergence(3).isPresent() && life.areInState(), SumLife.LIMIT);
        assertThat(failures)
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                SendFailedException.class,
                                send -> assertThat(send.fate()).isEqualTo(SendFailedException.Fate.UNKNOWN))
                        .hasMessageContaining(
                                "on node 3 differs and gets the state of another: results differ from those of"));
        sim.run(Duration.ofSeconds(1));
        assertThat(life.sums()).containsOnly(300L);
    }

    /** Also when the odd one is that which hands the state to others, while nodes come and go. A wrong state can be that of most then. */
    @TotemSimulation(
            nodes = 5,
            seeds = 20,
            faults = {Fault.LOSS, Fault.DELAY, Fault.PAUSE})
    void allAreEqualAtTheEndWhateverGoesWrongAtTwo(Simulation sim) {
        SumLife life = new SumLife(sim, 5, 3);
        for (int i = 0; i < 6; i++) {
            sim.partition(sim.random().nextInt(1, 6));
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 300)));
            sim.heal();
            life.wrong.add(sim.random().nextInt(1, 3) + " d" + i);
            int by = sim.random().nextInt(3, 6);
            for (int j = 0; j < 10; j++) {
                life.state(by).submit("e" + i + j).subscribe(sum -> {}, failed -> {});
            }
            life.state(by).submit("d" + i).subscribe(sum -> {}, failed -> {});
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 300)));
        }
        sim.settle();
        sim.runUntil(() -> life.areInState(), SumLife.LIMIT);
        for (int i = 1; i <= 12; i++) {
            int number = i;
            sim.await(life.state(3).submit("f" + number).retry(5), SumLife.LIMIT);
        }
        sim.run(Duration.ofSeconds(1));
        sim.runUntil(() -> life.areInState(), SumLife.LIMIT);
        assertThat(Set.copyOf(life.sums())).hasSize(1);
    }

    @Test
    void howOftenIsWithinReason() {
        assertThatThrownBy(() -> ReplicatedState.of(
                                "sums",
                                Quorum.none(),
                                () -> new RegisterMachine((at, command, log, machine) -> {}),
                                Codec.utf8())
                        .compareEvery(1_001))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("compareEvery")
                .hasMessageContaining("1001");
    }
}
