/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import dev.totem.core.GroupName;
import dev.totem.core.Message;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * The messages one processor sends: each begins with the count of it, and the moment it was made is kept aside.
 *
 * <p>{@link #messages} signals one subscriber; the rest on any thread.
 */
final class LoadSource {

    /** More than can be under way at once ({@code sends-in-flight} is at most this), a power of two. */
    private static final int MOMENTS = 1 << 20;

    private static final int TICK_MICROS = 500;

    private final LoadPlan plan;
    private final List<GroupName> groups;
    private final AtomicLongArray moments;
    private final AtomicLong next = new AtomicLong();
    private volatile boolean stopped;

    LoadSource(LoadPlan plan, GroupName group) {
        this.plan = plan;
        this.groups = List.of(group);
        this.moments = new AtomicLongArray(plan.sends() ? MOMENTS : 1);
    }

    /** As many as are asked for, at most at the plan's rate, until {@link #stop()}. */
    Flux<Message> messages(Scheduler timer) {
        return plan.rate() == 0 ? unlimited() : paced(timer);
    }

    void stop() {
        stopped = true;
    }

    /** When the message with this count was made, {@link System#nanoTime()}. */
    long madeAtNanos(long counter) {
        return moments.getPlain((int) (counter & (MOMENTS - 1)));
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
            long[] made = {0};
            Disposable ticks = timer.schedulePeriodically(
                    () -> {
                        if (stopped) {
                            sink.complete();
                            return;
                        }
                        long due = (long) ((System.nanoTime() - start) / 1e9 * plan.rate());
                        while (made[0] < due && sink.requestedFromDownstream() > 0 && !sink.isCancelled()) {
                            sink.next(make());
                            made[0]++;
                        }
                    },
                    0,
                    TICK_MICROS,
                    TimeUnit.MICROSECONDS);
            sink.onDispose(ticks);
        });
    }

    private Message make() {
        long counter = next.getAndIncrement();
        byte[] payload = new byte[plan.sizeBytes()];
        ByteBuffer.wrap(payload).putLong(counter);
        moments.setPlain((int) (counter & (MOMENTS - 1)), System.nanoTime());
        return new Message(groups, plan.guarantee(), payload);
    }
}
