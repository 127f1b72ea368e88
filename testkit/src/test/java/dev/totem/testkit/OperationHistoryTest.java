/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.SendFailedException;
import dev.totem.testkit.SequentialModel.Step;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class OperationHistoryTest {

    /** A register: a number is written, empty reads. The answer is what it holds then. */
    private static final SequentialModel<Integer, Optional<Integer>, Integer> REGISTER = new SequentialModel<>() {
        @Override
        public Integer initial() {
            return 0;
        }

        @Override
        public Step<Integer, Integer> step(Integer state, Optional<Integer> written) {
            int next = written.orElse(state);
            return new Step<>(next, next);
        }
    };

    private final OperationHistory<String, Optional<Integer>, Integer> history = OperationHistory.create();

    private Sinks.One<Integer> call(Optional<Integer> input) {
        Sinks.One<Integer> answer = Sinks.one();
        history.record("x", input, answer.asMono()).subscribe(value -> {}, failed -> {});
        return answer;
    }

    @Test
    void acceptsOperationsOneAfterAnother() {
        call(Optional.of(1)).tryEmitValue(1);
        call(Optional.empty()).tryEmitValue(1);

        assertThat(history.check(REGISTER)).isEmpty();
        assertThat(history.answered()).isEqualTo(2);
    }

    @Test
    void findsAReadOfWhatWasOverwrittenBefore() {
        call(Optional.of(1)).tryEmitValue(1);
        call(Optional.of(2)).tryEmitValue(2);
        call(Optional.empty()).tryEmitValue(1);

        assertThat(history.check(REGISTER)).singleElement().asString().contains("key x", "not linearizable");
    }

    @Test
    void letsConcurrentOperationsHappenInAnyOrder() {
        Sinks.One<Integer> first = call(Optional.of(1));
        Sinks.One<Integer> second = call(Optional.of(2));
        second.tryEmitValue(2);
        first.tryEmitValue(1);
        call(Optional.empty()).tryEmitValue(2);

        assertThat(history.check(REGISTER)).isEmpty();
    }

    @Test
    void findsTwoReadsThatSawOppositeOrders() {
        call(Optional.of(1));
        call(Optional.of(2));
        call(Optional.empty()).tryEmitValue(1);
        call(Optional.empty()).tryEmitValue(2);
        call(Optional.empty()).tryEmitValue(1);

        assertThat(history.check(REGISTER)).hasSize(1);
    }

    @Test
    void letsAnUnknownOperationHappenLateOrNever() {
        call(Optional.of(1)).tryEmitError(SendFailedException.unknown("it is gone"));
        call(Optional.empty()).tryEmitValue(0);
        call(Optional.empty()).tryEmitValue(1);

        assertThat(history.check(REGISTER)).isEmpty();
    }

    @Test
    void findsARefusedOperationThatHappened() {
        call(Optional.of(1)).tryEmitError(SendFailedException.refused("too large"));
        call(Optional.empty()).tryEmitValue(1);

        assertThat(history.check(REGISTER)).hasSize(1);
    }

    @Test
    void keepsKeysApart() {
        history.record("a", Optional.of(1), Mono.just(1)).block();
        history.record("b", Optional.empty(), Mono.just(0)).block();

        assertThat(history.check(REGISTER)).isEmpty();
    }

    @Test
    void checksLongHistories() {
        SplittableRandom random = new SplittableRandom(1);
        int held = 0;
        for (int i = 1; i < 3000; i++) {
            if (random.nextInt(10) == 0) {
                call(Optional.of(-i)).tryEmitError(SendFailedException.unknown("it is gone"));
            } else if (random.nextBoolean()) {
                held = i;
                call(Optional.of(i)).tryEmitValue(i);
            } else {
                call(Optional.empty()).tryEmitValue(held);
            }
        }

        assertThat(history.check(REGISTER)).isEmpty();
    }
}
