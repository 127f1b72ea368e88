/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.spi.NodeScheduler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A node's scheduler on the event loop that also reads its sockets. Any thread.
 *
 * <p>The loop reads everything that is ready before it runs tasks, so a task queued while a datagram is handled runs after
 * the other sockets were read too.
 */
final class EventLoopScheduler implements NodeScheduler {

    private final EventLoop loop;
    private final long originNanos;

    EventLoopScheduler(EventLoop loop) {
        this.loop = loop;
        this.originNanos = System.nanoTime();
    }

    @Override
    public long nowNanos() {
        return System.nanoTime() - originNanos;
    }

    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void whenEnded(Runnable task) {
        loop.terminationFuture().addListener(ended -> task.run());
    }

    @Override
    public Cancellation schedule(long deadlineNanos, Runnable task) {
        try {
            long delayNanos = Math.max(0, deadlineNanos - nowNanos());
            ScheduledFuture<?> scheduled = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException ended) {
            if (!loop.isShuttingDown()) {
                throw ended;
            }
            return () -> {};
        }
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }
}
