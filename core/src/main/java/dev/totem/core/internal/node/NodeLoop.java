/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.TotemException;
import dev.totem.core.internal.packing.PacketSource;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingMachine;
import dev.totem.core.spi.NodeScheduler;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives the machine: feeds inputs, carries out effects in order, arms one timer. Node loop only.
 *
 * <p>All work comes in batches. A batch ends with its effects carried out, one flush of the link, and one wake-up of each
 * subscriber that got something.
 */
final class NodeLoop implements LoopMailbox.Batches {

    /** A busy ring moves its deadlines by microseconds, an idle one by a rotation: the second is worth arming anew. */
    private static final long TIMER_SLACK_NANOS = 20_000_000;

    private final NodeEnvironment environment;
    private final RingMachine machine;
    private final PacketSource source;
    private final Parts parts;
    private final NodeScheduler scheduler;

    private final Queue<Effect> effects = new ArrayDeque<>();
    private boolean isBusy;
    private boolean isEnded;
    private boolean isPersisting;
    private boolean isAnnounced;
    private boolean isHeldBack;
    private long lastNanos = Long.MIN_VALUE;
    private long armedNanos = Long.MAX_VALUE;
    private NodeScheduler.@Nullable Cancellation timer;

    /** What the loop carries effects out with. */
    record Parts(
            OutboundPath outbound,
            DispatchQueue dispatch,
            PendingSends sends,
            Memory memory,
            SlowSubscribers slow,
            NodeClosing closing,
            NodeObserver observer) {}

    /** What is told of the node's memory. */
    record Memory(Admission admission, DeliveryMemory deliveries) {}

    NodeLoop(NodeEnvironment environment, RingMachine machine, PacketSource source, Parts parts) {
        this.environment = environment;
        this.machine = machine;
        this.source = source;
        this.parts = parts;
        this.scheduler = environment.scheduler();
    }

    @Override
    public void batch(Runnable work) {
        if (isBusy) {
            work.run();
            return;
        }
        run(() -> {
            work.run();
            settle();
        });
        parts.dispatch().flush();
    }

    /** Runs work whose consequences wait for {@link #batch}, which must follow. */
    void gather(Runnable work) {
        if (isBusy) {
            work.run();
        } else {
            run(work);
        }
    }

    private void run(Runnable work) {
        isBusy = true;
        nowNanos();
        try {
            work.run();
        } catch (TotemException reason) {
            fail(reason);
        } catch (RuntimeException | Error defect) {
            fail(new ProtocolFailureException("unexpected " + defect, defect));
        } finally {
            isBusy = false;
        }
    }

    @Override
    public void abandoned() {
        batch(() -> fail(new ProtocolFailureException("the node's event loop was shut down before the node")));
    }

    /** Ends the node before it began. */
    void refuse(TotemException reason) {
        end();
        parts.closing().failed(reason);
    }

    /** Lets one thing happen to the machine, at the time at which the batch began. */
    void step(Input input) {
        if (!isEnded) {
            machine.step(lastNanos, input);
        }
    }

    /** Nothing is fed or carried out any more. */
    void end() {
        isEnded = true;
        effects.clear();
        disarm();
    }

    boolean isEnded() {
        return isEnded;
    }

    void unlessEnded(Runnable task) {
        if (!isEnded) {
            task.run();
        }
    }

    /** Whether effects wait for stable storage. */
    boolean hasEffects() {
        return !effects.isEmpty();
    }

    private void fail(TotemException reason) {
        if (!isEnded) {
            end();
            parts.observer().log().stopped(reason);
            parts.closing().failed(reason);
        }
    }

    private void settle() {
        boolean goesOn = true;
        while (goesOn && !isEnded) {
            effects.addAll(machine.drain());
            carryOut();
            parts.dispatch().run();
            goesOn = feed();
        }
        parts.dispatch().flush();
        while (!isEnded && parts.closing().advance(this)) {
            effects.addAll(machine.drain());
            carryOut();
        }
        NodeCounters counters = parts.observer().counters();
        Admission admission = parts.memory().admission();
        counters.memory(
                admission.usedBytes(),
                admission.waiting(),
                parts.memory().deliveries().usedBytes());
        if (!isEnded) {
            counters.backlogs(source.backlog(), parts.dispatch().backlogFrames());
            arm();
        }
    }

    /** Tells the machine what has changed around it; says whether anything has. */
    private boolean feed() {
        boolean isWaiting = source.backlog() > 0;
        boolean isNews = isWaiting && !isAnnounced;
        isAnnounced = isWaiting;
        if (isNews) {
            step(new Input.Submitted());
        }
        boolean holdBack = parts.dispatch().wantsHoldBack();
        if (holdBack != isHeldBack) {
            isHeldBack = holdBack;
            parts.observer().heldBack(holdBack);
            step(new Input.HoldBack(holdBack));
            return true;
        }
        return isNews;
    }

    private void carryOut() {
        while (!isPersisting && !isEnded) {
            Effect effect = effects.poll();
            if (effect == null) {
                break;
            }
            carryOut(effect);
        }
        parts.outbound().flush();
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Multicast multicast) {
            parts.outbound().multicast(multicast.message());
        } else if (effect instanceof Effect.Unicast unicast) {
            unicast(unicast);
        } else if (effect instanceof Effect.Deliver deliver) {
            parts.dispatch().add(deliver.message());
        } else if (effect instanceof Effect.Install install) {
            parts.dispatch().add(install.change());
        } else if (effect instanceof Effect.Agreed agreed) {
            parts.observer().counters().agreed(agreed.agreement());
            parts.sends().agreed(agreed.agreement());
        } else if (effect instanceof Effect.Persist persist) {
            persist(persist.ringSeq());
        } else if (effect instanceof Effect.Stop stop) {
            fail(stop.reason());
        }
    }

    private void unicast(Effect.Unicast unicast) {
        NodeId to = unicast.to();
        if (to.equals(unicast.message().origin().node())) {
            scheduler.execute(() -> batch(() -> step(new Input.Received(unicast.message()))));
        } else {
            parts.outbound().unicast(to, unicast.message());
            // The next member begins while this one is busy with what follows the token.
            parts.outbound().flush();
        }
    }

    private void persist(long ringSeq) {
        isPersisting = true;
        Consumer<Throwable> refused = reason -> loop(() -> fail(
                reason instanceof TotemException known
                        ? known
                        : new ConfigurationException(
                                "ring-seq-store",
                                String.valueOf(ringSeq),
                                "the ring sequence number could not be kept: " + reason.getMessage(),
                                reason)));
        environment.store().store(ringSeq).subscribe(nothing -> {}, refused, () -> loop(() -> isPersisting = false));
    }

    private void loop(Runnable work) {
        try {
            scheduler.execute(() -> batch(work));
        } catch (RejectedExecutionException ended) {
            // The node has ended with its loop: nobody waits for the disk.
        }
    }

    private void arm() {
        long deadline = Math.min(
                Math.min(machine.nextDeadlineNanos(), parts.memory().admission().nextDeadlineNanos(lastNanos)),
                Math.min(parts.slow().nextDeadlineNanos(), parts.closing().nextDeadlineNanos()));
        // Deadlines move later with each token: a timer armed for a little earlier stays, and will look again.
        if (deadline >= armedNanos && deadline - armedNanos < TIMER_SLACK_NANOS) {
            return;
        }
        disarm();
        armedNanos = deadline;
        timer = scheduler.schedule(deadline, this::timerFired);
    }

    private void disarm() {
        NodeScheduler.Cancellation armed = timer;
        timer = null;
        armedNanos = Long.MAX_VALUE;
        if (armed != null) {
            armed.cancel();
        }
    }

    private void timerFired() {
        timer = null;
        armedNanos = Long.MAX_VALUE;
        batch(() -> {
            parts.slow().expire();
            parts.memory().admission().expire(nowNanos());
            if (!isEnded && machine.nextDeadlineNanos() <= nowNanos()) {
                step(new Input.TimerDue());
            }
        });
    }

    private long nowNanos() {
        lastNanos = Math.max(lastNanos, scheduler.nowNanos());
        return lastNanos;
    }
}
