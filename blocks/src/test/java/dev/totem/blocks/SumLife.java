/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import dev.totem.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import reactor.core.publisher.Flux;

/** Sums of commands on all nodes, by machines that go wrong when they are told to. One thread. */
final class SumLife {

    static final Duration LIMIT = Duration.ofSeconds(20);

    private final Simulation sim;

    /** At which node a machine goes wrong, at which command, once. */
    final Set<String> wrong = new HashSet<>();

    private final Map<NodeId, ReplicatedState<Sum, String, Long>> states = new TreeMap<>();
    private final Map<NodeId, StateStatus> status = new TreeMap<>();
    private final Map<String, Context> applied = new TreeMap<>();

    final class Sum implements StateMachine<String, Long> {

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

    /** @param every how many entries behind each other replicas compare */
    SumLife(Simulation sim, int votes, int every) {
        this.sim = sim;
        sim.onStart(node -> open(node, votes, every));
        sim.runUntil(() -> sim.nodes().size() == votes && areInState(), LIMIT);
    }

    private void open(TotemNode node, int votes, int every) {
        ReplicatedState.of("sums", Quorum.majority(votes), () -> new Sum(node.id()), Codec.utf8())
                .compareEvery(every)
                .repeatable(sim.clock(), sim.random())
                .open(node)
                .subscribe(state -> {
                    states.put(node.id(), state);
                    state.status().subscribe(now -> status.put(node.id(), now), stopped -> {});
                });
    }

    boolean areInState() {
        return sim.nodes().stream()
                .allMatch(node ->
                        status.containsKey(node.id()) && status.get(node.id()).phase() == StateStatus.Phase.IN_STATE);
    }

    ReplicatedState<Sum, String, Long> state(int id) {
        return states.get(NodeId.of(id));
    }

    Optional<Divergence> divergence(int id) {
        return status.get(NodeId.of(id)).divergence();
    }

    void submit(int id, int from, int to) {
        for (int i = from; i <= to; i++) {
            sim.await(state(id).submit("c" + i), LIMIT);
        }
    }

    List<Long> sums() {
        List<Long> sums = new ArrayList<>();
        states.values()
                .forEach(state -> sums.add(
                        sim.await(state.readLatest(sum -> sum.sum), LIMIT).orElseThrow()));
        return sums;
    }

    /** One of three goes wrong: it says where, and gets the state of the others. */
    static void oneGoesWrong(Simulation sim) {
        new SumLife(sim, 3, 8).oneGoesWrong();
    }

    private void oneGoesWrong() {
        int odd = sim.random().nextInt(1, 4);
        int at = sim.random().nextInt(21, 29);
        submit(1, 1, 20);
        wrong.add(odd + " c" + at);
        submit(odd % 3 + 1, 21, 60);
        sim.runUntil(() -> divergence(odd).isPresent() && areInState(), LIMIT);

        Position where = applied.get("c" + at).position();
        assertThat(divergence(odd)).hasValueSatisfying(found -> {
            assertThat(found.index()).isEqualTo(applied.get("c" + at).index());
            assertThat(found.position()).contains(where);
            assertThat(found.isExact()).isTrue();
            assertThat(found.others()).hasSizeBetween(1, 2).doesNotContain(NodeId.of(odd));
            assertThat(found)
                    .hasToString("results differ from those of nodes " + found.others() + ", first at entry "
                            + found.index() + " at " + where);
        });
        assertThat(divergence(odd % 3 + 1)).isEmpty();
        assertThat(divergence((odd + 1) % 3 + 1)).isEmpty();
        submit(odd, 61, 61);
        assertThat(sums()).containsOnly(61L);
    }
}
