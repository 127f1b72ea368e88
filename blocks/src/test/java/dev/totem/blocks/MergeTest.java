/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.testkit.Fault;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Parts that decide each for themselves, and meet again. */
class MergeTest {

    @TotemSimulation(nodes = 3, seeds = 10)
    void bothPartsKeepWhatTheyDecidedAndAllReportTheSame(Simulation sim) {
        WordLife life = new WordLife(sim, 3, WordLife.merging());
        life.add(1, "both");
        life.add(1, "away");
        life.reports.values().forEach(List::clear);
        sim.partition(3);
        sim.run(Duration.ofSeconds(3));
        life.add(1, "left" + WordLife.BIG);
        life.add(2, "-away");
        life.add(3, "right" + WordLife.BIG);
        sim.heal();
        sim.run(Duration.ofSeconds(3));
        assertThat(life.wordsOfAll()).contains("both", "left" + WordLife.BIG, "right" + WordLife.BIG);
        assertThat(life.reports.get(NodeId.of(1))).singleElement().satisfies(report -> {
            assertThat(report.from().node()).isEqualTo(NodeId.of(3));
            assertThat(report.commands()).isEqualTo(3);
        });
        assertThat(Set.copyOf(life.reports.values())).hasSize(1);
    }

    @TotemSimulation(nodes = 3, seeds = 10)
    void aPartThatDecidedNothingOfItsOwnBringsNothingBack(Simulation sim) {
        WordLife life = new WordLife(sim, 3, WordLife.merging());
        life.add(1, "a");
        life.reports.values().forEach(List::clear);
        sim.partition(3);
        sim.run(Duration.ofSeconds(3));
        life.add(1, "-a");
        sim.heal();
        sim.run(Duration.ofSeconds(3));
        assertThat(life.wordsOfAll()).isEmpty();
        assertThat(life.reports.values()).allMatch(List::isEmpty);
    }

    @TotemSimulation(
            nodes = 4,
            seeds = 15,
            faults = {Fault.LOSS, Fault.DELAY})
    void nothingThatWasAnsweredIsLostWhileAllLive(Simulation sim) {
        WordLife.parts(sim, 4);
    }

    @TotemSimulation(nodes = 4, seeds = 10)
    void allHaveOneStateAlsoWhenNodesCrash(Simulation sim) {
        WordLife life = new WordLife(sim, 4, WordLife.merging());
        int[] last = {0};
        Flux.interval(Duration.ofMillis(20))
                .take(Duration.ofSeconds(4))
                .subscribe(tick -> life.states
                        .values()
                        .forEach(state ->
                                state.submit("w" + ++last[0] + WordLife.BIG).subscribe(size -> {}, failed -> {})));
        for (int i = 0; i < 4; i++) {
            sim.partition(1, 2);
            sim.run(Duration.ofMillis(sim.random().nextInt(500, 1_000)));
            sim.heal();
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 500)));
            int victim = sim.random().nextInt(1, 5);
            sim.crash(victim);
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 300)));
            sim.restart(victim);
        }
        sim.settle();
        sim.run(Duration.ofSeconds(2));
        assertThat(life.wordsOfAll()).isNotEmpty();
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void withoutMergingTheLongerLogGoesOn(Simulation sim) {
        WordLife life = new WordLife(sim, 3, MergePolicy.primaryWins());
        sim.partition(3);
        sim.run(Duration.ofSeconds(3));
        for (int i = 0; i < 20; i++) {
            life.add(3, "right" + i);
        }
        life.add(1, "left");
        sim.heal();
        sim.run(Duration.ofSeconds(3));
        assertThat(life.wordsOfAll()).hasSize(20).doesNotContain("left");
        assertThat(life.reports.values()).allMatch(List::isEmpty);
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void aNodeThatStartsAgainAloneDoesNotEmptyTheOthers(Simulation sim) {
        WordLife life = new WordLife(sim, 3, MergePolicy.primaryWins());
        life.add(1, "kept");
        sim.crash(3);
        sim.run(Duration.ofSeconds(2));
        sim.partition(3);
        sim.restart(3);
        sim.run(Duration.ofSeconds(3));
        sim.heal();
        sim.run(Duration.ofSeconds(3));
        assertThat(life.wordsOfAll()).containsExactly("kept");
    }

    @Test
    void mergingIsRefusedWhereOnlyOnePartDecides() {
        assertThatThrownBy(() -> ReplicatedState.of(
                        "words", Quorum.majority(3), WordLife.Words::new, Codec.utf8(), WordLife.merging()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("merge with quorum majority:3")
                .hasMessageContaining("only one part decides");
    }
}
