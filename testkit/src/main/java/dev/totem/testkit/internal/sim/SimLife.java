/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.NodeId;
import dev.totem.core.spi.NodeScheduler;
import dev.totem.testkit.internal.sim.SimScheduler.Event;
import dev.totem.testkit.internal.sim.invariants.LifeWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One life of one simulated node: its loop, its clock, and whether it runs, is paused or is dead. One thread.
 *
 * <p>A task costs {@link #HOP_NANOS}, so that a node that feeds itself does not stop the time.
 */
final class SimLife implements NodeScheduler, LifeWatch.Clock {

    /** How long it takes to get from one task of a node to the next. */
    static final long HOP_NANOS = 1_000;

    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private final NodeId id;
    private final SimScheduler scheduler;
    private final long originNanos;
    private final double rate;
    private final Consumer<Throwable> onFailure;
    private final List<Event> kept = new ArrayList<>();
    private boolean paused;
    private boolean dead;

    /** @param rate how fast this node's clock runs; 1 is true time */
    SimLife(NodeId id, SimScheduler scheduler, long originNanos, double rate, Consumer<Throwable> onFailure) {
        this.id = id;
        this.scheduler = scheduler;
        this.originNanos = originNanos;
        this.rate = rate;
        this.onFailure = onFailure;
    }

    NodeId id() {
        return id;
    }

    @Override
    public long nowNanos() {
        return originNanos + (long) (scheduler.nowNanos() * rate);
    }

    @Override
    public long epochMillis() {
        return EPOCH_MILLIS + scheduler.nowNanos() / 1_000_000;
    }

    @Override
    public void execute(Runnable task) {
        scheduler.at(scheduler.nowNanos() + HOP_NANOS, this, false, task);
    }

    @Override
    public Cancellation schedule(long deadlineNanos, Runnable task) {
        long wait = Math.max(0, deadlineNanos - nowNanos());
        return scheduler.at(scheduler.nowNanos() + HOP_NANOS + (long) Math.ceil(wait / rate), this, false, task);
    }

    @Override
    public void scheduleElsewhere(Duration delay, Runnable task) {
        executeApplication(delay.toNanos(), task);
    }

    @Override
    public boolean inLoop() {
        return scheduler.isRunning(this);
    }

    /** Runs user code soon, or after a delay of true time. */
    Cancellation executeApplication(long delayNanos, Runnable task) {
        return scheduler.at(scheduler.nowNanos() + HOP_NANOS + delayNanos, this, true, task);
    }

    long trueNowNanos() {
        return scheduler.nowNanos();
    }

    boolean isPaused() {
        return paused;
    }

    void pause() {
        paused = true;
    }

    void resume() {
        if (paused) {
            paused = false;
            List<Event> waiting = List.copyOf(kept);
            kept.clear();
            scheduler.release(waiting);
        }
    }

    void keep(Event event) {
        kept.add(event);
    }

    @Override
    public boolean isDead() {
        return dead;
    }

    /** The end; what the loop handed to the application before is still delivered. */
    void kill() {
        paused = false;
        List<Event> waiting = List.copyOf(kept);
        kept.clear();
        scheduler.finishApplication(this, waiting, scheduler.nowNanos() + HOP_NANOS);
        dead = true;
    }

    void failed(Throwable failure) {
        onFailure.accept(failure);
    }
}
