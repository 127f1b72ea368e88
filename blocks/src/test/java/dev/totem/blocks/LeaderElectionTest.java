/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import reactor.core.Disposable;

class LeaderElectionTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private final Map<Integer, List<Leadership>> told = new TreeMap<>();

    private OnNodes<LeaderElection> elections(Simulation sim) {
        told.clear();
        OnNodes<LeaderElection> elections = new OnNodes<>(
                sim, LeaderElection.of("elections", Quorum.majority(3)).lease(Duration.ofSeconds(1)));
        elections.awaitInState(3);
        return elections;
    }

    private Disposable stand(Simulation sim, OnNodes<LeaderElection> elections, int id, int priority) {
        List<Leadership> here = new ArrayList<>();
        told.put(id, here);
        Disposable candidacy =
                elections.on(id).candidate("boss", priority).subscribe(here::add, Throwable::printStackTrace);
        sim.run(SHORT);
        return candidacy;
    }

    private Leadership last(int id) {
        return told.get(id).get(told.get(id).size() - 1);
    }

    private static int leader(Leadership now) {
        return now.leader().map(node -> node.value()).orElse(0);
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void allKnowTheOneLeader(Simulation sim) {
        OnNodes<LeaderElection> elections = elections(sim);
        for (int id : new int[] {2, 1, 3}) {
            stand(sim, elections, id, 0);
        }
        for (int id = 1; id <= 3; id++) {
            assertThat(leader(last(id))).isEqualTo(2);
            assertThat(last(id).isOwn()).isEqualTo(id == 2);
            assertThat(elections.on(id).isLeading("boss")).isEqualTo(id == 2);
            assertThat(last(id).token()).isEqualTo(last(1).token());
        }
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void theNextIsWhoHasTheGreatestPriority(Simulation sim) {
        OnNodes<LeaderElection> elections = elections(sim);
        Disposable first = stand(sim, elections, 1, 0);
        stand(sim, elections, 2, 5);
        stand(sim, elections, 3, 9);
        Position term = last(1).term().orElseThrow();
        assertThat(leader(last(3))).isEqualTo(1);
        first.dispose();
        sim.run(SHORT);
        assertThat(leader(last(2))).isEqualTo(3);
        assertThat(last(3).term().orElseThrow()).isGreaterThan(term);
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whoResignsStandsAgainBehindTheOthers(Simulation sim) {
        OnNodes<LeaderElection> elections = elections(sim);
        for (int id = 1; id <= 3; id++) {
            stand(sim, elections, id, 0);
        }
        sim.await(elections.on(1).resign("boss"), OnNodes.LIMIT);
        sim.run(SHORT);
        assertThat(leader(last(3))).isEqualTo(2);
        sim.await(elections.on(2).resign("boss"), OnNodes.LIMIT);
        sim.await(elections.on(3).resign("boss"), OnNodes.LIMIT);
        sim.run(SHORT);
        assertThat(leader(last(3))).isEqualTo(1);
        assertThat(last(1).isOwn()).isTrue();
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void aLeaderThatIsCutOffKnowsBeforeTheNextLeads(Simulation sim) {
        OnNodes<LeaderElection> elections = elections(sim);
        for (int id = 1; id <= 3; id++) {
            stand(sim, elections, id, 0);
        }
        sim.partition(1);
        List<Boolean> both = new ArrayList<>();
        sim.always(() -> {
            if (elections.on(2).isLeading("boss") && elections.on(1).isLeading("boss")) {
                both.add(true);
            }
        });
        sim.runUntil(() -> elections.on(2).isLeading("boss"), Duration.ofSeconds(5));
        assertThat(both).isEmpty();
        assertThat(leader(last(1))).isZero();
        sim.settle();
        sim.run(Duration.ofSeconds(1));
        for (int id = 1; id <= 3; id++) {
            assertThat(leader(last(id))).isEqualTo(2);
        }
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whoWatchesIsToldToo(Simulation sim) {
        OnNodes<LeaderElection> elections = elections(sim);
        List<Leadership> watched = new ArrayList<>();
        elections.on(3).watch("boss").subscribe(watched::add, Throwable::printStackTrace);
        sim.run(SHORT);
        assertThat(leader(watched.get(0))).isZero();
        stand(sim, elections, 1, 0);
        stand(sim, elections, 2, 0);
        assertThat(leader(watched.get(1))).isEqualTo(1);
        sim.crash(1);
        sim.runUntil(() -> leader(watched.get(watched.size() - 1)) == 2, Duration.ofSeconds(5));
    }
}
