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

    /** What is remembered takes memory: who has more open calls than this can follow has to record fewer. */
    private static final int SEEN_MAX = 300_000;

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
        this.calls =
                calls.stream().sorted(Comparator.comparingLong(Call::calledAt)).toList();
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

    /** What a search may try, in this order. */
    private enum Choice {
        /** A call that leaves the state as it is: if it fits here, nothing is lost by placing it here. */
        READ,
        /** A call that changes the state. */
        WRITE,
        /** A call without an answer, which need not have happened. */
        GUESS
    }

    private record Placed<S>(Moment moment, Choice choice, S before) {}

    private record Seen<S>(BitSet placed, S state) {}

    /** Why there is no such order; empty if there is one. */
    public Optional<String> violation() {
        Moment head = moments();
        int open =
                (int) calls.stream().filter(call -> call.output().isPresent()).count();
        int fewestOpen = open + 1;
        String furthest = "";
        S state = model.initial();
        BitSet placed = new BitSet(calls.size());
        Set<Seen<S>> seen = new HashSet<>();
        Deque<Placed<S>> stack = new ArrayDeque<>();
        Choice choice = Choice.READ;
        Moment at = head.next;
        while (open > 0) {
            if (at != null && !at.isAnswer) {
                Call<I, O> call = calls.get(at.call);
                SequentialModel.Step<S, O> step = model.step(state, call.input());
                if (choice != choice(call, state, step) || isPointless(stack.peek(), call, step)) {
                    at = at.next;
                    continue;
                }
                placed.set(at.call);
                if (!seen.add(new Seen<>((BitSet) placed.clone(), step.state())) && choice != Choice.READ) {
                    placed.clear(at.call);
                    at = at.next;
                    continue;
                }
                if (seen.size() > SEEN_MAX) {
                    return Optional.of("not decided: more than " + SEEN_MAX + " orders are possible; " + furthest);
                }
                stack.push(new Placed<>(at, choice, state));
                state = step.state();
                at.takeOut();
                open -= call.output().isPresent() ? 1 : 0;
                choice = Choice.READ;
                at = head.next;
                continue;
            }
            if (choice != Choice.GUESS) {
                choice = choice == Choice.READ ? Choice.WRITE : Choice.GUESS;
                at = head.next;
                continue;
            }
            if (open < fewestOpen) {
                fewestOpen = open;
                furthest = "in state " + state + " nothing explains " + explain(head);
            }
            do {
                if (stack.isEmpty()) {
                    return Optional.of("not linearizable: " + furthest);
                }
                Placed<S> last = stack.pop();
                state = last.before();
                choice = last.choice();
                placed.clear(last.moment().call);
                last.moment().putBack();
                open += calls.get(last.moment().call).output().isPresent() ? 1 : 0;
                at = last.moment().next;
            } while (choice == Choice.READ);
        }
        return Optional.empty();
    }

    /** What kind of choice a call is in a state; null if it cannot be placed there, or need not. */
    private static <S, I, O> @Nullable Choice choice(Call<I, O> call, S state, SequentialModel.Step<S, O> step) {
        boolean isRead = step.state().equals(state);
        if (call.output().isEmpty()) {
            return isRead ? null : Choice.GUESS;
        }
        if (!call.output().get().equals(step.output())) {
            return null;
        }
        return isRead ? Choice.READ : Choice.WRITE;
    }

    /** Whether a guess just before a call makes no difference to it: then the guess need not have happened there. */
    private boolean isPointless(@Nullable Placed<S> last, Call<I, O> call, SequentialModel.Step<S, O> step) {
        return last != null
                && last.choice() == Choice.GUESS
                && (call.output().isEmpty()
                        ? model.step(last.before(), call.input()).state().equals(step.state())
                        : model.step(last.before(), call.input()).equals(step));
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
