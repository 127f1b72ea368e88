/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import dev.totem.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/** Words that nodes add, also in parts of the network that decide each for themselves. One thread. */
final class WordLife {

    private final Simulation sim;
    static final Duration LIMIT = Duration.ofSeconds(20);
    static final String BIG = "x".repeat(3_000);

    final Map<NodeId, ReplicatedState<Words, String, Integer>> states = new TreeMap<>();
    final Map<NodeId, List<MergeReport>> reports = new TreeMap<>();
    final Map<NodeId, StateStatus> status = new TreeMap<>();

    /** A set of words; merging is order-dependent in its history only. "-w" removes a word. */
    static final class Words implements StateMachine<String, Integer> {

        private final TreeSet<String> words = new TreeSet<>();
        private UUID history = new UUID(0, 0);

        @Override
        public Integer apply(Context at, String command) {
            if (command.startsWith("-")) {
                words.remove(command.substring(1));
            } else {
                words.add(command);
            }
            history = next(at + " " + command);
            return words.size();
        }

        void merge(Context at, Words other) {
            words.addAll(other.words);
            history = next(at + " " + other.history);
        }

        private UUID next(String what) {
            return UUID.nameUUIDFromBytes((history + what).getBytes(UTF_8));
        }

        String all() {
            return words + " " + history;
        }

        Set<String> words() {
            return Set.copyOf(words);
        }

        @Override
        public Flux<byte[]> snapshot() {
            List<String> chunks = new ArrayList<>(words);
            chunks.add("=" + history);
            return Flux.fromIterable(chunks).map(chunk -> chunk.getBytes(UTF_8));
        }

        @Override
        public void restore(byte[] chunk) {
            String text = new String(chunk, UTF_8);
            if (text.startsWith("=")) {
                history = UUID.fromString(text.substring(1));
            } else {
                words.add(text);
            }
        }
    }

    WordLife(Simulation sim, int nodes, MergePolicy<Words> policy) {
        this.sim = sim;
        sim.onStart(node -> open(node, policy));
        sim.runUntil(() -> sim.nodes().size() == nodes && areInState(), LIMIT);
    }

    private void open(TotemNode node, MergePolicy<Words> policy) {
        status.remove(node.id());
        states.remove(node.id());
        reports.put(node.id(), new ArrayList<>());
        List<MergeReport> here = reports.get(node.id());
        ReplicatedState.of("words", Quorum.none(), Words::new, Codec.utf8(), policy)
                .memory(2_000, 1 << 20)
                .compareEvery(5)
                .repeatable(sim.clock(), sim.random())
                .open(node)
                .subscribe(state -> {
                    states.put(node.id(), state);
                    state.status().subscribe(now -> status.put(node.id(), now), stopped -> {});
                    state.merges().subscribe(here::add, stopped -> {});
                });
    }

    private boolean areInState() {
        int nodes = sim.nodes().size();
        return sim.nodes().stream()
                .allMatch(node -> status.containsKey(node.id())
                        && status.get(node.id()).phase() == StateStatus.Phase.IN_STATE
                        && status.get(node.id()).inState().size() == nodes);
    }

    ReplicatedState<Words, String, Integer> state(int id) {
        return states.get(NodeId.of(id));
    }

    void add(int id, String word) {
        sim.await(state(id).submit(word), LIMIT);
    }

    Set<String> words(int id) {
        return sim.await(state(id).read(Words::words), LIMIT).orElseThrow();
    }

    /** What all have, when all that was apart is merged. */
    Set<String> wordsOfAll() {
        sim.runUntil(() -> areInState(), LIMIT);
        sim.run(Duration.ofSeconds(1));
        List<String> all = sim.nodes().stream()
                .map(node ->
                        sim.await(states.get(node.id()).read(Words::all), LIMIT).orElseThrow())
                .distinct()
                .toList();
        assertThat(all).as("states of all").hasSize(1);
        assertThat(status.values())
                .allSatisfy(now -> assertThat(now.divergence()).isEmpty());
        return words(sim.nodes().iterator().next().id().value());
    }

    static MergePolicy<Words> merging() {
        return MergePolicy.merge((at, into, other) -> into.merge(at, other));
    }

    /** Nothing that was answered is lost while all live. */
    static void parts(Simulation sim, int nodes) {
        new WordLife(sim, nodes, merging()).parts(nodes);
    }

    /** One at a time, of those who hand over what their part has: another one of the part does it then. */
    static void crashesWhilePartsMeet(Simulation sim, int nodes) {
        new WordLife(sim, nodes, merging()).crashesWhilePartsMeet(nodes);
    }

    private void crashesWhilePartsMeet(int nodes) {
        Set<String> answered = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            sim.partition(IntStream.rangeClosed(1, nodes / 2).toArray());
            sim.runUntil(() -> isDecidedBy(1, nodes / 2) && isDecidedBy(nodes, nodes - nodes / 2), LIMIT);
            for (int j = 0; j < 4; j++) {
                for (int id : new int[] {1, nodes}) {
                    String word = BIG + i + "." + j + "." + id;
                    add(id, word);
                    answered.add(word);
                }
            }
            sim.heal();
            int other = nodes / 2 + 1;
            sim.runUntil(() -> isBehind(1) || isBehind(other), LIMIT);
            int victim = isBehind(1) ? 1 : other;
            sim.run(Duration.ofNanos(sim.random().nextInt(6_000_000)));
            sim.crash(victim);
            sim.run(Duration.ofMillis(sim.random().nextInt(500, 1_500)));
            sim.restart(victim);
            sim.runUntil(() -> sim.nodes().size() == nodes && areInState(), LIMIT);
            sim.run(Duration.ofSeconds(1));
        }
        sim.settle();
        assertThat(wordsOfAll()).containsAll(answered);
    }

    private boolean isBehind(int id) {
        StateStatus now = status.get(NodeId.of(id));
        return now != null && now.phase() == StateStatus.Phase.BEHIND;
    }

    private boolean isDecidedBy(int id, int members) {
        StateStatus now = status.get(NodeId.of(id));
        return now != null
                && now.phase() == StateStatus.Phase.IN_STATE
                && now.inState().size() == members;
    }

    private void parts(int nodes) {
        Set<String> answered = new TreeSet<>();
        int[] last = {0};
        Flux.interval(Duration.ofMillis(50))
                .take(Duration.ofSeconds(4))
                .subscribe(tick -> states.values().forEach(state -> {
                    String word = "w" + ++last[0];
                    state.submit(word).subscribe(size -> answered.add(word), failed -> {});
                }));
        for (int i = 0; i < 8; i++) {
            int pivot = sim.random().nextInt(1, nodes + 1);
            sim.partition(pivot, pivot % nodes + 1);
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 800)));
            if (sim.random().nextBoolean()) {
                sim.partition(pivot);
                sim.run(Duration.ofMillis(sim.random().nextInt(1, 300)));
            }
            sim.heal();
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 600)));
        }
        sim.settle();
        sim.run(Duration.ofSeconds(2));
        assertThat(wordsOfAll()).containsAll(answered);
        assertThat(answered).hasSizeGreaterThan(20);
    }
}
