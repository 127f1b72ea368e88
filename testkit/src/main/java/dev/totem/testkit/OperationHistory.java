/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import static java.util.Objects.requireNonNull;

import dev.totem.core.SendFailedException;
import dev.totem.testkit.internal.check.Linearization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/**
 * What clients asked and were answered, to be checked for linearizability: whether each operation can have happened at one
 * moment between its call and its answer. Any thread; operations of different keys are independent.
 *
 * <p>An operation that failed with the fate {@code REFUSED} has not happened; one that failed otherwise, was cancelled or is not
 * answered yet may happen at any moment after its call, or never.
 *
 * @param <K> keys
 * @param <I> what is asked
 * @param <O> what is answered
 */
public final class OperationHistory<K, I, O> {

    private final AtomicLong clock = new AtomicLong();
    private final Map<K, List<Operation>> operations = new LinkedHashMap<>();

    private final class Operation {

        private final I input;
        private final long calledAt;
        private volatile long answeredAt = Long.MAX_VALUE;
        private volatile Optional<O> output = Optional.empty();
        private volatile boolean hasNotHappened;

        Operation(I input) {
            this.input = input;
            this.calledAt = clock.incrementAndGet();
        }

        void answered(O answer) {
            output = Optional.of(answer);
            answeredAt = clock.incrementAndGet();
        }

        void failed(Throwable failure) {
            hasNotHappened =
                    failure instanceof SendFailedException send && send.fate() == SendFailedException.Fate.REFUSED;
        }
    }

    private OperationHistory() {}

    public static <K, I, O> OperationHistory<K, I, O> create() {
        return new OperationHistory<>();
    }

    /** The same operation, recorded from each subscription to its signal; the answer must not be empty. */
    public Mono<O> record(K key, I input, Mono<O> operation) {
        requireNonNull(key, "key");
        requireNonNull(input, "input");
        requireNonNull(operation, "operation");
        return Mono.defer(() -> {
            Operation recorded = new Operation(input);
            synchronized (operations) {
                operations.computeIfAbsent(key, first -> new ArrayList<>()).add(recorded);
            }
            return operation.doOnNext(recorded::answered).doOnError(recorded::failed);
        });
    }

    /** How many operations were answered so far. */
    public long answered() {
        return all().stream().filter(one -> one.output.isPresent()).count();
    }

    /** How many operations were called so far. */
    public long called() {
        return all().size();
    }

    private List<Operation> all() {
        synchronized (operations) {
            return operations.values().stream().flatMap(List::stream).toList();
        }
    }

    /** What contradicts the model, of each key the first; empty if the history is linearizable. */
    public <S> List<String> check(SequentialModel<S, I, O> model) {
        List<String> violations = new ArrayList<>();
        Map<K, List<Operation>> copy = new LinkedHashMap<>();
        synchronized (operations) {
            operations.forEach((key, all) -> copy.put(key, List.copyOf(all)));
        }
        copy.forEach((key, all) -> {
            List<Linearization.Call<I, O>> calls = all.stream()
                    .filter(one -> !one.hasNotHappened)
                    .map(one -> new Linearization.Call<>(one.input, one.output, one.calledAt, one.answeredAt))
                    .toList();
            new Linearization<>(model, calls)
                    .violation()
                    .ifPresent(violation -> violations.add("key " + key + ": " + violation));
        });
        return violations;
    }
}
