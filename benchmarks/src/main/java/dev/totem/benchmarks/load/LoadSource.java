/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import dev.totem.core.GroupName;
import dev.totem.core.Message;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * The messages one processor sends, as many as are asked for or at a pace.
 *
 * <p>{@link #messages} signals one subscriber; the rest on any thread.
 */
final class LoadSource {

    private static final int TICK_MICROS = 500;

    private final LoadPlan plan;
    private final List<GroupName> groups;
    private final LoadPayloads payloads;
    private volatile boolean stopped;

    LoadSource(LoadPlan plan, GroupName group, LoadPayloads payloads) {
        this.plan = plan;
        this.groups = List.of(group);
        this.payloads = payloads;
    }

    /** As many as are asked for, at most at the plan's rate, until {@link #stop()}. */
    Flux<Message> messages(Scheduler timer) {
        return plan.rate() == 0 ? unlimited() : paced(timer);
    }

    void stop() {
        stopped = true;
    }

    private Flux<Message> unlimited() {
        return Flux.generate(sink -> {
            if (stopped) {
                sink.complete();
            } else {
                sink.next(make());
            }
        });
    }

    /** What is due by the clock goes out in small bursts; what could not be sent in its time is sent as soon as it can. */
    private Flux<Message> paced(Scheduler timer) {
        return Flux.create(sink -> {
            long start = System.nanoTime();
            long tickMicros = Math.max(TICK_MICROS, Math.round(1e6 / plan.rate()));
            long[] made = {0};
            Disposable ticks = timer.schedulePeriodically(
                    () -> {
                        if (stopped) {
                            sink.complete();
                            return;
                        }
                        long due = Math.round((System.nanoTime() - start) / 1e9 * plan.rate());
                        while (made[0] < due && sink.requestedFromDownstream() > 0 && !sink.isCancelled()) {
                            sink.next(make());
                            made[0]++;
                        }
                    },
                    0,
                    tickMicros,
                    TimeUnit.MICROSECONDS);
            sink.onDispose(ticks);
        });
    }

    private Message make() {
        return new Message(groups, plan.guarantee(), payloads.next());
    }
}
