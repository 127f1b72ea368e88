/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.testkit.OperationHistory;
import dev.totem.testkit.SequentialModel;
import dev.totem.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Clients of a map and a counter on all nodes, those who watch the map, and what must hold of them. One thread. */
final class MapLife {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** One key, or the counter: a value, "-" for none, and what an operation answers. */
    private static final SequentialModel<String, String, String> MODEL = new SequentialModel<>() {
        @Override
        public String initial() {
            return "-";
        }

        @Override
        public Step<String, String> step(String state, String command) {
            String[] words = command.split(" ", -1);
            return switch (words[0]) {
                case "put" -> new Step<>(words[1], "done");
                case "remove" -> new Step<>("-", state);
                case "cas" -> state.equals(words[1]) ? new Step<>(words[2], "true") : new Step<>(state, "false");
                case "add" -> {
                    String sum = String.valueOf((state.equals("-") ? 0 : Long.parseLong(state)) + 1);
                    yield new Step<>(sum, sum);
                }
                default -> new Step<>(state, state);
            };
        }
    };

    private final Simulation sim;
    private final OnNodes<ReplicatedMap<String, String>> maps;
    private final OnNodes<Counters> counters;
    private final OperationHistory<String, String, String> history = OperationHistory.create();
    private final List<Watcher> watchers = new ArrayList<>();
    private final Map<Position, String> states = new HashMap<>();
    private int lastValue;

    MapLife(Simulation sim, int votes) {
        this.sim = sim;
        this.maps = new OnNodes<>(
                sim,
                ReplicatedMap.of("map", Quorum.majority(votes), Codec.utf8(), Codec.utf8())
                        .tick(Duration.ofMillis(200)));
        this.counters = new OnNodes<>(sim, Counters.of("counters", Quorum.majority(votes)));
        maps.onOpen(map -> map.inState().subscribe(nothing -> {}, stopped -> {}, () -> watchers.add(new Watcher(map))));
    }

    /** What one watch was told. */
    private static final class Watcher {

        private final Map<String, String> entries = new TreeMap<>();
        private final List<Position> changes = new ArrayList<>();
        private final ReplicatedMap<String, String> map;

        Watcher(ReplicatedMap<String, String> map) {
            this.map = map;
            map.watch().subscribe(this::told, stopped -> {});
        }

        private void told(MapChange<String, String> change) {
            change.value()
                    .ifPresentOrElse(value -> entries.put(change.key(), value), () -> entries.remove(change.key()));
            if (change.kind() != MapChange.Kind.PRESENT) {
                changes.add(change.position());
            }
        }
    }

    /** An operation on each node every so often, and a look at the states. */
    void use(Duration every, Duration time) {
        Flux.interval(every)
                .take(time)
                .subscribe(tick -> maps.up().forEach(id -> {
                    if (maps.isOpen(id) && counters.isOpen(id)) {
                        operation(id).subscribe(done -> {}, failed -> {});
                        maps.on(id).snapshot().subscribe(this::compare, failed -> {});
                    }
                }));
    }

    /** Something on one node at once, whose answers tell more than others where they are wrong. */
    void useNow(int id) {
        record("counter", "add", counters.on(id).counter("c").addAndGet(1).map(String::valueOf))
                .subscribe(done -> {}, failed -> {});
        String value = String.valueOf(++lastValue);
        record("k0", "put " + value, maps.on(id).put("k0", value).map(at -> "done"))
                .subscribe(done -> {}, failed -> {});
    }

    private Mono<String> operation(int id) {
        ReplicatedMap<String, String> map = maps.on(id);
        String key = "k" + sim.random().nextInt(3);
        String value = String.valueOf(++lastValue);
        String before = String.valueOf(Math.max(0, lastValue - 1 - sim.random().nextInt(4)));
        return switch (sim.random().nextInt(6)) {
            case 0 -> record(key, "put " + value, map.put(key, value).map(at -> "done"));
            case 1 ->
                record(
                        key,
                        "cas " + before + " " + value,
                        map.compareAndSet(key, before, value).map(done -> String.valueOf(done.isApplied())));
            case 2 ->
                record(key, "remove", map.remove(key).map(done -> done.before().orElse("-")));
            case 3 ->
                record(
                        "counter",
                        "add",
                        counters.on(id).counter("c").addAndGet(1).map(String::valueOf));
            default ->
                record(key, "get", map.getLatest(key).map(MapEntry::value).defaultIfEmpty("-"));
        };
    }

    private Mono<String> record(String key, String command, Mono<String> operation) {
        return history.record(key, command, operation.timeout(PATIENCE));
    }

    private void compare(MapSnapshot<String, String> state) {
        Optional<Position> at = state.position();
        if (at.isPresent()) {
            String known = states.putIfAbsent(at.get(), state.hash());
            assertThat(known == null || known.equals(state.hash()))
                    .as("states at " + at.get())
                    .isTrue();
        }
    }

    OnNodes<ReplicatedMap<String, String>> maps() {
        return maps;
    }

    boolean isInState(int id) {
        return maps.isInState(id) && counters.isInState(id);
    }

    void check(int nodes) {
        maps.awaitInState(nodes);
        counters.awaitInState(nodes);
        for (int id = 1; id <= nodes; id++) {
            int here = id;
            sim.await(
                    record(
                            "k0",
                            "get",
                            maps.on(here).getLatest("k0").map(MapEntry::value).defaultIfEmpty("-")),
                    PATIENCE);
            sim.await(
                    record(
                            "counter",
                            "add",
                            counters.on(here).counter("c").addAndGet(1).map(String::valueOf)),
                    PATIENCE);
        }
        sim.run(Duration.ofSeconds(1));
        List<MapSnapshot<String, String>> all = new ArrayList<>();
        for (int id = 1; id <= nodes; id++) {
            maps.on(id).snapshot().subscribe(all::add, failed -> {});
        }
        sim.run(Duration.ofMillis(1));
        assertThat(all).hasSize(nodes);
        assertThat(all.stream().map(MapSnapshot::entries).distinct())
                .as("states at the end")
                .hasSize(1);
        checkWatches(all.get(0));
        assertThat(history.check(MODEL)).as("linearizable").isEmpty();
    }

    /** Nothing is missing of what happened while they watched. */
    private void checkWatches(MapSnapshot<String, String> end) {
        TreeSet<Position> happened = new TreeSet<>();
        watchers.forEach(watcher -> happened.addAll(watcher.changes));
        Map<String, String> entries = new TreeMap<>();
        end.entries().forEach(entry -> entries.put(entry.key(), entry.value()));
        for (Watcher watcher : watchers) {
            List<Position> told = watcher.changes;
            if (!told.isEmpty()) {
                assertThat(told)
                        .as("what a watch was told of")
                        .containsExactlyElementsOf(happened.subSet(told.get(0), true, told.get(told.size() - 1), true));
            }
            if (maps.all().contains(watcher.map)) {
                assertThat(watcher.entries).as("what a watch was told").isEqualTo(entries);
            }
        }
    }
}
