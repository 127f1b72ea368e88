/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemNode;
import dev.totem.testkit.OperationHistory;
import dev.totem.testkit.SequentialModel;
import dev.totem.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A replicated state on each node of a simulation, clients that use it, and what must hold of both. One thread. */
final class Registers {

    private static final StateStatus NOTHING =
            new StateStatus(StateStatus.Phase.NOT_PRIMARY, List.of(), 0, 0, Optional.empty());

    private static final SequentialModel<Map<String, String>, String, String> MODEL = new SequentialModel<>() {
        @Override
        public Map<String, String> initial() {
            return Map.of();
        }

        @Override
        public Step<Map<String, String>, String> step(Map<String, String> state, String command) {
            Map<String, String> next = new TreeMap<>(state);
            String answer = RegisterMachine.applied(next, command);
            return new Step<>(Map.copyOf(next), answer);
        }
    };

    private final Simulation sim;
    private final int votes;
    private final UnaryOperator<BlockBuilder<ReplicatedState<RegisterMachine, String, String>>> settings;
    private final Map<NodeId, ReplicatedState<RegisterMachine, String, String>> states = new TreeMap<>();
    private final Map<NodeId, StateStatus> status = new TreeMap<>();
    private final Map<Long, String> applied = new HashMap<>();
    private final Map<UUID, Entry> log = new HashMap<>();
    private final List<String> contradictions = new ArrayList<>();
    private final OperationHistory<String, String, String> history = OperationHistory.create();
    private final List<Answer> answers = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final Disposable.Composite clients = Disposables.composite();
    private int lastValue;
    private long moments;

    Registers(
            Simulation sim,
            int votes,
            UnaryOperator<BlockBuilder<ReplicatedState<RegisterMachine, String, String>>> settings) {
        this.sim = sim;
        this.votes = votes;
        this.settings = settings;
        sim.onStart(node -> open(node, votes));
        sim.always(() -> assertThat(contradictions).isEmpty());
    }

    void open(TotemNode node, int votes) {
        status.remove(node.id());
        states.remove(node.id());
        settings.apply(ReplicatedState.of(
                                "registers",
                                Quorum.majority(votes),
                                () -> new RegisterMachine((at, command, before, machine) ->
                                        applied(node.id(), at, command, before, machine)),
                                Codec.utf8())
                        .compareEvery(5)
                        .repeatable(sim.clock(), sim.random()))
                .open(node)
                .subscribe(state -> {
                    states.put(node.id(), state);
                    state.status()
                            .filter(now -> states.get(node.id()) == state)
                            .subscribe(now -> told(node.id(), now), gone -> {});
                });
    }

    private void told(NodeId node, StateStatus now) {
        status.put(node, now);
        now.divergence().ifPresent(found -> contradictions.add("node " + node + ": " + found));
    }

    /** Closes the state of a node, which then forgets it, and opens it again after a while. */
    void reopen(int id, Duration after) {
        TotemNode node = sim.node(id);
        status.remove(node.id());
        ReplicatedState<RegisterMachine, String, String> closing = states.remove(node.id());
        closing.close().then(Mono.delay(after)).subscribe(closed -> open(node, votes));
    }

    /** A command as it was applied, and all before it. */
    private record Entry(UUID before, long index, String command) {}

    private void applied(NodeId node, Context at, String command, UUID before, RegisterMachine machine) {
        log.put(machine.log(), new Entry(before, at.index(), command));
        String here = at.position() + " " + command + " by " + at.sender() + " at " + at.time() + ", behind " + before
                + ", making " + machine.registers() + " of " + machine.members();
        String known = applied.putIfAbsent(at.index(), here);
        if (known != null && !known.equals(here)) {
            contradictions.add("entry " + at.index() + " on node " + node + " is " + here + ", and elsewhere " + known);
        }
    }

    /** Clients on all nodes, each with an operation every so often, each answered or given up after a while. */
    void use(Duration every, Duration time) {
        clients.add(Flux.interval(every)
                .take(time)
                .subscribe(tick -> sim.nodes().forEach(node -> use(node.id()).subscribe(done -> {}, failed -> {}))));
    }

    private Mono<String> use(NodeId node) {
        ReplicatedState<RegisterMachine, String, String> state = states.get(node);
        if (state == null) {
            return Mono.empty();
        }
        long calledAt = ++moments;
        String key = "k" + sim.random().nextInt(3);
        String command = switch (sim.random().nextInt(4)) {
            case 0 -> "put " + key + " " + ++lastValue;
            case 1 -> "cas " + key + " " + Math.max(0, lastValue - sim.random().nextInt(4)) + " " + ++lastValue;
            default -> "get " + key;
        };
        boolean isRead = command.startsWith("get") && sim.random().nextBoolean();
        Mono<String> operation = isRead
                ? state.readLatest(machine -> machine.registers().getOrDefault(key, "-") + " " + machine.index())
                : state.submit(command);
        return history.record(
                key,
                command,
                operation
                        .timeout(Duration.ofSeconds(5))
                        .doOnError(Registers::isRefused, failed -> refused.add(command))
                        .map(answer -> {
                            String[] words = answer.split(" ", -1);
                            answers.add(new Answer(command, Long.parseLong(words[1]), isRead, calledAt, ++moments));
                            return words[0];
                        }));
    }

    /** Where an answered operation stands in the log, and when it was called and answered. */
    private record Answer(String command, long index, boolean isRead, long calledAt, long answeredAt) {}

    /** The log is an order of all operations; it must not contradict time. */
    private List<String> contradictionsInTime() {
        List<Answer> ordered = new ArrayList<>(answers);
        ordered.sort(Comparator.comparingLong(Answer::index)
                .thenComparing(Answer::isRead)
                .thenComparingLong(Answer::calledAt));
        List<String> found = new ArrayList<>();
        Answer lastCalled = null;
        for (Answer answer : ordered) {
            if (lastCalled != null && answer.answeredAt() < lastCalled.calledAt()) {
                found.add(answer + " was answered before " + lastCalled + " was called, and stands behind it");
            }
            if (lastCalled == null || answer.calledAt() > lastCalled.calledAt()) {
                lastCalled = answer;
            }
        }
        return found;
    }

    ReplicatedState<RegisterMachine, String, String> state(int id) {
        return states.get(NodeId.of(id));
    }

    StateStatus status(int id) {
        return status.getOrDefault(NodeId.of(id), NOTHING);
    }

    boolean isInState(int id) {
        return status(id).phase() == StateStatus.Phase.IN_STATE;
    }

    boolean isEverybodyInState() {
        return sim.nodes().stream().allMatch(node -> isInState(node.id().value()));
    }

    OperationHistory<String, String, String> history() {
        return history;
    }

    /**
     * After everything has settled: clients end, and then all have the same state, it answers, has in it what was answered and
     * nothing that was refused, and the history is one that a single state allows.
     */
    void checkAtTheEnd() {
        clients.dispose();
        sim.runUntil(this::isEverybodyInState, Duration.ofSeconds(30));
        for (TotemNode node : sim.nodes()) {
            assertThat(sim.await(
                            states.get(node.id())
                                    .submit("put last " + node.id())
                                    .retry(2),
                            Duration.ofSeconds(20)))
                    .hasValueSatisfying(answer -> assertThat(answer).startsWith(node.id() + " "));
        }
        sim.run(Duration.ofSeconds(1));
        List<State> all = sim.nodes().stream().map(node -> stateNow(node.id())).toList();
        assertThat(all).allMatch(all.get(0)::equals);
        checkLog(all.get(0).log());
        assertThat(contradictionsInTime()).isEmpty();
    }

    private record State(Map<String, String> registers, List<Member> members, long index, UUID log) {}

    private State stateNow(NodeId node) {
        return sim.await(
                        states.get(node)
                                .read(machine -> new State(
                                        machine.registers(), machine.members(), machine.index(), machine.log())),
                        Duration.ofSeconds(1))
                .orElseThrow();
    }

    private void checkLog(UUID end) {
        Map<Long, String> kept = new HashMap<>();
        for (Entry entry = log.get(end); entry != null; entry = log.get(entry.before())) {
            kept.put(entry.index(), entry.command());
        }
        assertThat(answers)
                .as("what was answered")
                .allMatch(
                        answer -> answer.isRead() || answer.command().equals(kept.get(answer.index())),
                        "is in the log");
        assertThat(refused)
                .as("what was refused")
                .filteredOn(command -> !command.startsWith("get"))
                .doesNotContainAnyElementsOf(kept.values());
    }

    /** The same without looking into the log, which takes long where much is unknown. */
    void checkHistory() {
        assertThat(history.check(MODEL)).isEmpty();
    }

    static boolean isRefused(Throwable failure) {
        return failure instanceof SendFailedException send && send.fate() == SendFailedException.Fate.REFUSED;
    }
}
