/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemNode;
import dev.totem.testkit.Fault;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Machines that do not keep to the rule: their replicas find it, say so, and go on with the state of most. */
class DivergenceTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** At which node a machine goes wrong, at which command, once. */
    private final Set<String> wrong = new HashSet<>();

    private final Map<NodeId, ReplicatedState<Sum, String, Long>> states = new TreeMap<>();
    private final Map<NodeId, StateStatus> status = new TreeMap<>();
    private final Map<String, Context> applied = new TreeMap<>();

    private final class Sum implements StateMachine<String, Long> {

        private final NodeId node;
        private long sum;

        Sum(NodeId node) {
            this.node = node;
        }

        @Override
        public Long apply(Context at, String command) {
            applied.put(command, at);
            sum += wrong.remove(node + " " + command) ? 1_000 : 1;
            return sum;
        }

        @Override
        public Flux<byte[]> snapshot() {
            return Flux.just(String.valueOf(sum).getBytes(UTF_8));
        }

        @Override
        public void restore(byte[] chunk) {
            sum = Long.parseLong(new String(chunk, UTF_8));
        }
    }

    private void open(Simulation sim, int votes, int every) {
        wrong.clear();
        states.clear();
        status.clear();
        applied.clear();
        sim.onStart(node -> open(sim, node, votes, every));
        sim.runUntil(() -> sim.nodes().size() == votes && areInState(sim), LIMIT);
    }

    private void open(Simulation sim, TotemNode node, int votes, int every) {
        ReplicatedState.of("sums", Quorum.majority(votes), () -> new Sum(node.id()), Codec.utf8())
                .compareEvery(every)
                .repeatable(sim.clock(), sim.random())
                .open(node)
                .subscribe(state -> {
                    states.put(node.id(), state);
                    state.status().subscribe(now -> status.put(node.id(), now), stopped -> {});
                });
    }

    private boolean areInState(Simulation sim) {
        return sim.nodes().stream()
                .allMatch(node ->
                        status.containsKey(node.id()) && status.get(node.id()).phase() == StateStatus.Phase.IN_STATE);
    }

    private ReplicatedState<Sum, String, Long> state(int id) {
        return states.get(NodeId.of(id));
    }

    private Optional<Divergence> divergence(int id) {
        return status.get(NodeId.of(id)).divergence();
    }

    private void submit(Simulation sim, int id, int from, int to) {
        for (int i = from; i <= to; i++) {
            sim.await(state(id).submit("c" + i), LIMIT);
        }
    }

    private List<Long> sums(Simulation sim) {
        List<Long> sums = new ArrayList<>();
        states.values()
                .forEach(state -> sums.add(
                        sim.await(state.readLatest(sum -> sum.sum), LIMIT).orElseThrow()));
        return sums;
    }

    @TotemSimulation(nodes = 3, seeds = 10)
    void theOddOneSaysWhereItWentWrongAndGetsTheStateOfTheOthers(Simulation sim) {
        open(sim, 3, 8);
        int odd = sim.random().nextInt(1, 4);
        submit(sim, 1, 1, 20);
        wrong.add(odd + " c23");
        submit(sim, odd % 3 + 1, 21, 60);
        sim.runUntil(() -> divergence(odd).isPresent() && areInState(sim), LIMIT);

        Position where = applied.get("c23").position();
        assertThat(divergence(odd)).hasValueSatisfying(found -> {
            assertThat(found.index()).isEqualTo(applied.get("c23").index());
            assertThat(found.position()).contains(where);
            assertThat(found.isExact()).isTrue();
            assertThat(found.others()).hasSizeBetween(1, 2).doesNotContain(NodeId.of(odd));
            assertThat(found)
                    .hasToString("results differ from those of nodes " + found.others() + ", first at entry "
                            + found.index() + " at " + where);
        });
        assertThat(divergence(odd % 3 + 1)).isEmpty();
        assertThat(divergence((odd + 1) % 3 + 1)).isEmpty();
        submit(sim, odd, 61, 61);
        assertThat(sums(sim)).containsOnly(61L);
    }

    @TotemSimulation(nodes = 2, seeds = 5)
    void ofTwoTheLowerNodeIsTakenForRight(Simulation sim) {
        open(sim, 2, 4);
        wrong.add("1 c5");
        submit(sim, 1, 1, 20);
        sim.runUntil(() -> divergence(2).isPresent() && areInState(sim), LIMIT);
        assertThat(divergence(1)).isEmpty();
        assertThat(sums(sim)).containsOnly(1_019L);
    }

    @TotemSimulation(nodes = 5, seeds = 5)
    void theLargestGroupIsTakenForRight(Simulation sim) {
        open(sim, 5, 4);
        wrong.addAll(Set.of("1 c5", "2 c6", "4 c7"));
        submit(sim, 3, 1, 40);
        sim.runUntil(
                () -> divergence(1).isPresent()
                        && divergence(2).isPresent()
                        && divergence(4).isPresent()
                        && areInState(sim),
                LIMIT);
        assertThat(divergence(3)).isEmpty();
        assertThat(divergence(5)).isEmpty();
        assertThat(sums(sim)).containsOnly(40L);
    }

    @TotemSimulation(nodes = 3, seeds = 10)
    void whatWaitsForAnAnswerFromAWrongStateIsUnknown(Simulation sim) {
        open(sim, 3, 4);
        wrong.add("3 c5");
        List<Throwable> failures = new ArrayList<>();
        Flux.interval(Duration.ofNanos(100_000))
                .take(300)
                .flatMap(i -> state(3).submit("c" + i).doOnError(failures::add).onErrorComplete(), Integer.MAX_VALUE)
                .subscribe();
        sim.runUntil(() -> divergence(3).isPresent() && areInState(sim), LIMIT);
        assertThat(failures)
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                SendFailedException.class,
                                send -> assertThat(send.fate()).isEqualTo(SendFailedException.Fate.UNKNOWN))
                        .hasMessageContaining(
                                "on node 3 differs and gets the state of another: results differ from those of"));
        sim.run(Duration.ofSeconds(1));
        assertThat(sums(sim)).containsOnly(300L);
    }

    /** Also when the odd one is that which hands the state to others, while nodes come and go. A wrong state can be that of most then. */
    @TotemSimulation(
            nodes = 5,
            seeds = 20,
            faults = {Fault.LOSS, Fault.DELAY, Fault.PAUSE})
    void allAreEqualAtTheEndWhateverGoesWrongAtTwo(Simulation sim) {
        open(sim, 5, 3);
        for (int i = 0; i < 6; i++) {
            sim.partition(sim.random().nextInt(1, 6));
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 300)));
            sim.heal();
            wrong.add(sim.random().nextInt(1, 3) + " d" + i);
            int by = sim.random().nextInt(3, 6);
            for (int j = 0; j < 10; j++) {
                state(by).submit("e" + i + j).subscribe(sum -> {}, failed -> {});
            }
            state(by).submit("d" + i).subscribe(sum -> {}, failed -> {});
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 300)));
        }
        sim.settle();
        sim.runUntil(() -> areInState(sim), LIMIT);
        for (int i = 1; i <= 12; i++) {
            int number = i;
            sim.await(state(3).submit("f" + number).retry(5), LIMIT);
        }
        sim.run(Duration.ofSeconds(1));
        sim.runUntil(() -> areInState(sim), LIMIT);
        assertThat(Set.copyOf(sums(sim))).hasSize(1);
    }

    @Test
    void howOftenIsWithinReason() {
        assertThatThrownBy(() -> ReplicatedState.of("sums", Quorum.none(), () -> new Sum(NodeId.of(1)), Codec.utf8())
                        .compareEvery(1_001))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("compareEvery")
                .hasMessageContaining("1001");
    }
}
