/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.spi.NodeScheduler.Cancellation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The one clock and the one queue of events of a simulation, ordered by time and then by when they were asked for. One
 * thread.
 *
 * <p>Events belong to the life of a node or to nobody. Those of a paused life wait, those of a dead one are forgotten.
 */
final class SimScheduler {

    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final Trace trace;
    private long nowNanos;
    private long order;
    private long executed;
    private @Nullable SimLife running;

    SimScheduler(Trace trace) {
        this.trace = trace;
    }

    /** Virtual time since the simulation began. */
    long nowNanos() {
        return nowNanos;
    }

    /** How many events ran so far. */
    long executed() {
        return executed;
    }

    /** Whose event is running. */
    boolean isRunning(SimLife life) {
        return running == life;
    }

    /** Whose event is running, if it is a node's. */
    Optional<SimLife> running() {
        return Optional.ofNullable(running);
    }

    /** An event of nobody: the network, a disk, the harness. */
    Cancellation at(long atNanos, Runnable task) {
        return add(new Event(atNanos, order++, null, false, task));
    }

    /**
     * An event of a node.
     *
     * @param application whether it runs user code rather than the node's loop
     */
    Cancellation at(long atNanos, SimLife life, boolean application, Runnable task) {
        return add(new Event(atNanos, order++, life, application, task));
    }

    private Cancellation add(Event event) {
        event.atNanos = Math.max(event.atNanos, nowNanos);
        queue.add(event);
        return event;
    }

    /** Runs the next event if it is due by then; otherwise the clock goes there and the answer is false. */
    boolean runNext(long untilNanos) {
        Event event = queue.peek();
        if (event == null || event.atNanos > untilNanos) {
            nowNanos = Math.max(nowNanos, untilNanos);
            return false;
        }
        queue.remove();
        nowNanos = event.atNanos;
        run(event);
        return true;
    }

    private void run(Event event) {
        SimLife life = event.life;
        if (event.cancelled || (life != null && life.isDead())) {
            return;
        }
        if (life != null && life.isPaused()) {
            life.keep(event);
            return;
        }
        executed++;
        trace.add(nowNanos, life == null ? 0 : life.id().value());
        SimLife outer = running;
        running = life;
        try {
            event.task.run();
        } catch (RuntimeException | AssertionError failure) {
            if (life == null) {
                throw failure;
            }
            life.failed(failure);
        } finally {
            running = outer;
        }
    }

    /** A paused life goes on: what waited runs now, in its order. */
    void release(List<Event> kept) {
        for (Event event : kept) {
            add(new Event(nowNanos, order++, event.life, event.application, () -> {
                if (!event.cancelled) {
                    event.task.run();
                }
            }));
        }
    }

    /**
     * Runs the user code of a life that is due up to a moment, although it is paused: what the node handed over before it
     * died was delivered.
     */
    void finishApplication(SimLife life, List<Event> kept, long untilNanos) {
        List<Event> due = new ArrayList<>(kept);
        do {
            due.sort(Comparator.naturalOrder());
            due.stream().filter(event -> event.application).forEach(this::run);
            due = queue.stream()
                    .filter(event -> event.life == life && event.application && event.atNanos <= untilNanos)
                    .toList();
            queue.removeAll(due);
            due = new ArrayList<>(due);
        } while (!due.isEmpty());
    }

    /** One thing to happen; in the order in which they do, of which no two have the same place. */
    static final class Event implements Comparable<Event>, Cancellation {

        private long atNanos;
        private final long order;
        private final @Nullable SimLife life;
        private final boolean application;
        private final Runnable task;
        private boolean cancelled;

        private Event(long atNanos, long order, @Nullable SimLife life, boolean application, Runnable task) {
            this.atNanos = atNanos;
            this.order = order;
            this.life = life;
            this.application = application;
            this.task = task;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
