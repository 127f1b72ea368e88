/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.testkit.SequentialModel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of calls that a model allows and that does not contradict time: the search of Wing and Gong with the memory
 * of Lowe. One thread.
 */
public final class Linearization<S, I, O> {

    private static final int CALLS_SHOWN_MAX = 12;

    private final SequentialModel<S, I, O> model;
    private final List<Call<I, O>> calls;

    /**
     * One call.
     *
     * @param output empty if it is not known; then it may never have happened
     * @param calledAt no two times of a history are equal
     * @param answeredAt greater than {@code calledAt}
     */
    public record Call<I, O>(I input, Optional<O> output, long calledAt, long answeredAt) {

        @Override
        public String toString() {
            return input + " = " + output.map(Object::toString).orElse("?") + " [" + calledAt + ", "
                    + (output.isPresent() ? String.valueOf(answeredAt) : "...") + "]";
        }
    }

    public Linearization(SequentialModel<S, I, O> model, List<Call<I, O>> calls) {
        this.model = model;
        this.calls = calls.stream()
                .sorted(Comparator.comparingLong(Call::calledAt))
                .toList();
    }

    /** A call or an answer, in the order of time; those of calls that have their place are taken out. */
    private static final class Moment {

        private final int call;
        private final boolean isAnswer;
        private @Nullable Moment before;
        private @Nullable Moment next;
        private @Nullable Moment answer;

        Moment(int call, boolean isAnswer) {
            this.call = call;
            this.isAnswer = isAnswer;
        }

        void takeOut() {
            unlink();
            if (answer != null) {
                answer.unlink();
            }
        }

        void putBack() {
            if (answer != null) {
                answer.link();
            }
            link();
        }

        private void unlink() {
            if (before != null) {
                before.next = next;
            }
            if (next != null) {
                next.before = before;
            }
        }

        private void link() {
            if (before != null) {
                before.next = this;
            }
            if (next != null) {
                next.before = this;
            }
        }
    }

    private record Placed<S>(Moment moment, S before) {}

    private record Seen<S>(BitSet placed, S state) {}

    /** Why there is no such order; empty if there is one. */
    public Optional<String> violation() {
        Moment head = moments();
        int open = (int) calls.stream().filter(call -> call.output().isPresent()).count();
        int fewestOpen = open;
        String furthest = "";
        S state = model.initial();
        BitSet placed = new BitSet(calls.size());
        Set<Seen<S>> seen = new HashSet<>();
        Deque<Placed<S>> stack = new ArrayDeque<>();
        Moment at = head.next;
        while (open > 0) {
            if (at != null && !at.isAnswer) {
                Call<I, O> call = calls.get(at.call);
                SequentialModel.Step<S, O> step = model.step(state, call.input());
                if (call.output().isEmpty() || call.output().get().equals(step.output())) {
                    placed.set(at.call);
                    if (seen.add(new Seen<>((BitSet) placed.clone(), step.state()))) {
                        stack.push(new Placed<>(at, state));
                        state = step.state();
                        at.takeOut();
                        open -= call.output().isPresent() ? 1 : 0;
                        at = head.next;
                        continue;
                    }
                    placed.clear(at.call);
                }
                at = at.next;
                continue;
            }
            if (open <= fewestOpen) {
                fewestOpen = open - 1;
                furthest = "in state " + state + " nothing explains " + explain(head);
            }
            if (stack.isEmpty()) {
                return Optional.of("not linearizable: " + furthest);
            }
            Placed<S> last = stack.pop();
            state = last.before();
            placed.clear(last.moment().call);
            last.moment().putBack();
            open += calls.get(last.moment().call).output().isPresent() ? 1 : 0;
            at = last.moment().next;
        }
        return Optional.empty();
    }

    private String explain(Moment head) {
        List<String> shown = new ArrayList<>();
        for (Moment at = head.next; at != null && shown.size() < CALLS_SHOWN_MAX; at = at.next) {
            if (!at.isAnswer) {
                shown.add(calls.get(at.call).toString());
            }
        }
        return String.join("; ", shown);
    }

    private Moment moments() {
        record At(long time, Moment moment) {}

        List<At> all = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            Call<I, O> call = calls.get(i);
            Moment called = new Moment(i, false);
            all.add(new At(call.calledAt(), called));
            if (call.output().isPresent()) {
                Moment answer = new Moment(i, true);
                called.answer = answer;
                all.add(new At(call.answeredAt(), answer));
            }
        }
        all.sort(Comparator.comparingLong(At::time));
        Moment head = new Moment(-1, false);
        Moment last = head;
        for (At at : all) {
            last.next = at.moment();
            at.moment().before = last;
            last = at.moment();
        }
        return head;
    }
}
