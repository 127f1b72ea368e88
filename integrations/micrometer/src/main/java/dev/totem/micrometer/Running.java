/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.util.context.Context;

/**
 * An observation that is stopped once: publishers may be cancelled after they have ended. What handlers and conventions throw is
 * logged, and what they observe goes on. Any thread.
 */
final class Running {

    private static final Logger LOG = LoggerFactory.getLogger(ObservedHandles.class);
    private static final AtomicLong FAILURES = new AtomicLong();

    private final ObservationRegistry registry;
    private final Observation observation;
    private final AtomicBoolean isOver = new AtomicBoolean();

    private Running(ObservationRegistry registry, Observation started) {
        this.registry = registry;
        observation = started;
    }

    /** Starts it; one that does not start is none. */
    static Running start(ObservationRegistry registry, Supplier<Observation> making) {
        Observation made = guarded(making, Observation.NOOP);
        Running running = new Running(registry, made);
        if (guarded(made::start)) {
            return running;
        }
        running.end();
        return new Running(registry, Observation.NOOP);
    }

    /** Whether nobody observes. */
    boolean isNoop() {
        return observation.isNoop();
    }

    /** The context with it as the current observation. */
    Context in(Context context) {
        return isNoop() ? context : context.put(ObservedHandles.KEY, observation);
    }

    /** Does something while it is current on the thread. */
    <T> T scoped(Supplier<T> work) {
        if (isNoop()) {
            return work.get();
        }
        Observation.Scope before = registry.getCurrentObservationScope();
        Observation.Scope scope = guarded(observation::openScope, Observation.Scope.NOOP);
        if (scope.isNoop()) {
            closeHalfOpen(before);
        }
        try {
            return work.get();
        } finally {
            if (!guarded(scope::close)) {
                registry.setCurrentObservationScope(before);
            }
        }
    }

    /** Some handlers may have opened theirs, before another one threw. */
    private void closeHalfOpen(Observation.@Nullable Scope before) {
        Observation.Scope half = registry.getCurrentObservationScope();
        if (half != null && half != before) {
            guarded(half::close);
        }
        registry.setCurrentObservationScope(before);
    }

    void end() {
        if (isOver.compareAndSet(false, true)) {
            guarded(observation::stop);
        }
    }

    void end(Throwable failure) {
        if (isOver.compareAndSet(false, true)) {
            guarded(() -> observation.error(failure));
            guarded(observation::stop);
        }
    }

    /** What somebody else's code returns, or this if it throws. */
    static <T> T guarded(Supplier<T> step, T otherwise) {
        try {
            return step.get();
        } catch (Throwable failure) {
            failed(failure);
            return otherwise;
        }
    }

    private static boolean guarded(Runnable step) {
        return guarded(
                () -> {
                    step.run();
                    return true;
                },
                false);
    }

    /** Says so each time that there are twice as many: there may be one for each message. */
    private static void failed(Throwable failure) {
        Exceptions.throwIfJvmFatal(failure);
        long failures = FAILURES.incrementAndGet();
        if (Long.bitCount(failures) == 1) {
            LOG.warn("what observes messages has failed {} times; they go on unobserved", failures, failure);
        }
    }
}
