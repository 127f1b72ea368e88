/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.loop;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.RingProgress;
import dev.totem.core.TotemException;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.node.close.NodeClosing;
import dev.totem.core.internal.node.crossing.DeliveryMemory;
import dev.totem.core.internal.node.crossing.LoopMailbox;
import dev.totem.core.internal.node.deliver.DispatchQueue;
import dev.totem.core.internal.node.deliver.SlowSubscribers;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.node.observe.NodeCounters;
import dev.totem.core.internal.node.observe.NodeObserver;
import dev.totem.core.internal.node.send.Admission;
import dev.totem.core.internal.node.send.HandleState;
import dev.totem.core.internal.node.send.PendingSends;
import dev.totem.core.internal.ordering.Restraint;
import dev.totem.core.internal.packing.PacketSource;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingMachine;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.spi.NodeScheduler;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Drives the machine: feeds inputs, carries out effects in order, arms one timer. Node loop only.
 *
 * <p>All work comes in batches. A batch ends with its effects carried out, one flush of the link, and one wake-up of each
 * subscriber that got something.
 */
public final class NodeLoop implements LoopMailbox.Batches, NodeClosing.Departing {

    /** A busy ring moves its deadlines by microseconds, an idle one by a rotation: the second is worth arming anew. */
    private static final long TIMER_SLACK_NANOS = 20_000_000;

    private static final int BALLAST_BYTES = 1 << 20;

    /** What the end could not be carried out for may have passed by then. */
    private static final long AGAIN_NANOS = 50_000_000;

    private final NodeEnvironment environment;
    private final RingMachine machine;
    private final PacketSource source;
    private final Parts parts;
    private final RingNumbers numbers;
    private final NodeScheduler scheduler;

    private final Queue<Effect> effects = new ArrayDeque<>();
    /** Let go of when the loop dies, so that the end has room. */
    @SuppressWarnings("UnusedVariable")
    private byte @Nullable [] ballast = new byte[BALLAST_BYTES];

    /** Why the loop died, until the node has ended in order. */
    private @Nullable Throwable dying;

    private final RestoreWatch restores = new RestoreWatch();
    private boolean isBusy;
    private boolean isEnded;
    private boolean isAnnounced;
    private Restraint restraint = Restraint.NONE;
    private long lastNanos = Long.MIN_VALUE;
    private long armedNanos = Long.MAX_VALUE;
    private NodeScheduler.@Nullable Cancellation timer;

    /** What the loop carries effects out with. */
    public record Parts(
            OutboundPath outbound,
            DispatchQueue dispatch,
            PendingSends sends,
            Memory memory,
            SlowSubscribers slow,
            NodeClosing closing,
            RingNumbers.Reserved reserved,
            NodeObserver observer,
            NodeLease lease) {}

    /** What is told of the node's memory. */
    public record Memory(Admission admission, DeliveryMemory deliveries) {}

    public NodeLoop(NodeEnvironment environment, RingMachine machine, PacketSource source, Parts parts) {
        this.environment = environment;
        this.machine = machine;
        this.source = source;
        this.parts = parts;
        this.scheduler = environment.scheduler();
        this.numbers = new RingNumbers(environment, parts.reserved(), this::onLoop);
    }

    @Override
    public void batch(Runnable work) {
        if (isBusy) {
            work.run();
            return;
        }
        run(() -> {
            if (dying != null) {
                fail(dying);
            }
            work.run();
            settle();
        });
        try {
            parts.dispatch().flush();
        } catch (RuntimeException | Error defect) {
            fail(defect);
        }
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
        try {
            parts.observer().health().ran(nowNanos());
            if (restores.hasJumped(lastNanos, scheduler.epochMillis())) {
                parts.outbound().renew();
                parts.observer().renewed(Optional.empty());
            }
            work.run();
        } catch (RuntimeException | Error defect) {
            fail(defect);
        } finally {
            isBusy = false;
        }
    }

    @Override
    public void abandoned() {
        batch(() -> fail(new ProtocolFailureException("the node's event loop was shut down before the node")));
    }

    /** Ends the node before it began. */
    public void refuse(TotemException reason) {
        end();
        parts.observer().stopped(reason);
        parts.closing().failed(reason, parts.observer().box().lines());
    }

    /** How far the order of the ring is; empty while one is looked for. */
    public Optional<RingProgress> progress() {
        return machine.progress();
    }

    /** Lets one thing happen to the machine, at the time at which the batch began. */
    @Override
    public void step(Input input) {
        if (!isEnded) {
            machine.step(lastNanos, input);
        }
    }

    @Override
    public void end() {
        isEnded = true;
        parts.lease().until(0);
        effects.clear();
        disarm();
    }

    public boolean isEnded() {
        return isEnded;
    }

    public void unlessEnded(Runnable task) {
        if (!isEnded) {
            task.run();
        }
    }

    /** Whether effects wait for a ring number to be reserved. */
    @Override
    public boolean hasEffects() {
        return !effects.isEmpty();
    }

    private void fail(Throwable reason) {
        if (!isEnded) {
            isEnded = true;
            dying = reason;
        }
        if (dying != null) {
            ballast = null;
            tryToEnd(dying);
        }
    }

    /** The end must survive what it was caused by, an exhausted heap as well: what cannot be done now is done later. */
    private void tryToEnd(Throwable cause) {
        try {
            end();
            TotemException reason = known(cause);
            parts.observer().stopped(reason);
            parts.closing().failed(reason, parts.observer().box().lines());
            dying = null;
            parts.observer().log().stopped(reason);
        } catch (RuntimeException | Error again) {
            endLater();
        }
    }

    private static TotemException known(Throwable cause) {
        if (cause instanceof TotemException known) {
            return known;
        }
        return new ProtocolFailureException(
                cause instanceof OutOfMemoryError
                        ? "the JVM has no memory left: raise -Xmx, or lower the setting memory"
                        : "unexpected " + cause,
                cause);
    }

    private void endLater() {
        try {
            scheduler.schedule(lastNanos + AGAIN_NANOS, () -> batch(() -> {}));
        } catch (RuntimeException | Error again) {
            // The next batch, whatever it is for, tries as well.
        }
    }

    private void settle() {
        boolean goesOn = true;
        numbers.heard(machine.ringSeqMax());
        while (goesOn && !isEnded) {
            drain();
            carryOut();
            parts.dispatch().run();
            goesOn = feed();
        }
        parts.outbound().operational(machine.phase() == RingPhase.OPERATIONAL);
        parts.dispatch().wake();
        while (!isEnded && parts.closing().advance(this)) {
            drain();
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

    /** What a step says of the lease is known before anything that follows from the step leaves the node. */
    private void drain() {
        parts.lease().until(machine.leaseUntilNanos());
        effects.addAll(machine.drain());
    }

    /** Tells the machine what has changed around it; says whether anything has. */
    private boolean feed() {
        boolean isWaiting = source.backlog() > 0;
        boolean isNews = isWaiting && !isAnnounced;
        isAnnounced = isWaiting;
        if (isNews) {
            step(new Input.Submitted());
        }
        if (parts.memory().admission().bulkMax(parts.dispatch().bulkMax())) {
            parts.dispatch().handles().all().forEach(HandleState::resumeSendAlls);
        }
        Restraint wanted = parts.dispatch().restraint();
        if (wanted != restraint) {
            restraint = wanted;
            parts.observer().heldBack(wanted != Restraint.NONE);
            step(new Input.HoldBack(wanted));
            return true;
        }
        return isNews;
    }

    private void carryOut() {
        while (!numbers.isWaiting() && !isEnded) {
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
            partners(install.change());
            parts.dispatch().add(install.change());
        } else if (effect instanceof Effect.Agreed agreed) {
            parts.observer().agreed(agreed.agreement());
            parts.sends().agreed(agreed.agreement());
        } else if (effect instanceof Effect.Persist persist) {
            numbers.use(persist.ringSeq());
        } else if (effect instanceof Effect.Stop stop) {
            fail(stop.reason());
        }
    }

    private void partners(ConfigChange change) {
        if (change.isRegular()) {
            environment.link().partners(change.members());
            parts.outbound().members(change.members());
        }
    }

    private void unicast(Effect.Unicast unicast) {
        NodeId to = unicast.to();
        if (unicast.message() instanceof CommitToken proposed) {
            // Whoever forms a ring forwards this before anything that is for all its members.
            environment.link().partners(proposed.members());
        }
        if (to.equals(unicast.message().origin().node())) {
            scheduler.execute(() -> batch(() -> step(new Input.Received(unicast.message()))));
        } else {
            parts.outbound().unicast(to, unicast.message());
            // The next member begins while this one is busy with what follows the token.
            parts.outbound().flush();
        }
    }

    private void onLoop(Runnable work) {
        try {
            scheduler.execute(() -> batch(() -> unlessEnded(work)));
        } catch (RejectedExecutionException ended) {
            // The node has ended with its loop: nobody waits for the disc.
        }
    }

    private void arm() {
        long deadline = Math.min(
                Math.min(machine.nextDeadlineNanos(), parts.memory().admission().nextDeadlineNanos(lastNanos)),
                Math.min(
                        parts.slow().nextDeadlineNanos(),
                        Math.min(numbers.nextDeadlineNanos(), parts.closing().nextDeadlineNanos())));
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
            numbers.timePassed();
            if (!isEnded && machine.nextDeadlineNanos() <= nowNanos()) {
                step(new Input.TimerDue());
            }
        });
    }

    /** The time at which the batch began. */
    long batchNanos() {
        return lastNanos;
    }

    private long nowNanos() {
        lastNanos = Math.max(lastNanos, scheduler.nowNanos());
        return lastNanos;
    }
}
