/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.close;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeHealth;
import dev.totem.core.TotemException;
import dev.totem.core.internal.group.GroupNotice;
import dev.totem.core.internal.node.crossing.HandleLane;
import dev.totem.core.internal.node.crossing.LaneTurn;
import dev.totem.core.internal.node.deliver.DispatchQueue;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.node.send.HandleState;
import dev.totem.core.internal.node.send.PendingSends;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingMachine;
import dev.totem.core.spi.SealSession;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * How handles and the node end: in order, within the close limit, or at once when the node failed. Node loop only, where it
 * does not say otherwise.
 */
public final class NodeClosing {

    /** What drives the machine until the node has left. */
    public interface Departing {

        /** Lets the machine leave. */
        void step(Input input);

        /** Whether what it wanted done last is still to be done. */
        boolean hasEffects();

        /** Nothing is fed or carried out any more. */
        void end();
    }

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.node");

    private final NodeEnvironment environment;
    private final SealSession session;
    private final RingMachine machine;
    private final DispatchQueue dispatch;
    private final PendingSends sends;
    private final Duration closeLimit;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final Set<HandleState> closingHandles = new LinkedHashSet<>();
    private volatile boolean isOpen = true;

    private volatile Stage stage = Stage.RUNNING;
    private boolean isFarewellSaid;
    private long deadlineNanos = Long.MAX_VALUE;
    private volatile @Nullable TotemException failure;
    private List<String> lastWords = List.of();

    private enum Stage {
        RUNNING,
        /** Accepted sends are being ordered. */
        FINISHING,
        /** The farewell and what is delivered last wait for stable storage. */
        DEPARTING,
        ENDED
    }

    public NodeClosing(
            NodeEnvironment environment,
            SealSession session,
            RingMachine machine,
            DispatchQueue dispatch,
            PendingSends sends,
            Duration closeLimit) {
        this.environment = environment;
        this.session = session;
        this.machine = machine;
        this.dispatch = dispatch;
        this.sends = sends;
        this.closeLimit = closeLimit;
    }

    /** Any thread: ends with the node, never on the loop. */
    public Mono<Void> whenClosed() {
        return closed.asMono().publishOn(Schedulers.parallel());
    }

    /** Any thread: whether handles can be opened. */
    public boolean isOpen() {
        return isOpen;
    }

    /** Any thread: what is to be said of its end; empty while it runs. */
    public Optional<NodeHealth.Reason> told() {
        TotemException reason = failure;
        if (reason != null) {
            return Optional.of(new NodeHealth.Reason(NodeHealth.Code.STOPPED, String.valueOf(reason.getMessage())));
        }
        return switch (stage) {
            case RUNNING -> Optional.empty();
            case FINISHING, DEPARTING ->
                Optional.of(new NodeHealth.Reason(NodeHealth.Code.LEAVING, "the node leaves the ring"));
            case ENDED -> Optional.of(new NodeHealth.Reason(NodeHealth.Code.CLOSED, "the node has left"));
        };
    }

    /** What a call on a closed part of the node is answered with. */
    public TotemException refusal(String part) {
        TotemException reason = failure;
        return reason == null ? new NodeClosedException(part) : reason;
    }

    /** A new handle; of no use if the node is about to close. */
    public void opened(HandleState handle) {
        if (stage == Stage.RUNNING) {
            dispatch.handles().opened(handle);
        } else {
            handle.finishClose();
        }
    }

    /** The handle's sends are ordered first, then its streams complete. */
    public void close(HandleState handle) {
        if (!handle.isClosing()) {
            handle.beginClose(now() + closeLimit.toNanos());
            closingHandles.add(handle);
        }
    }

    /** The sends of all handles are ordered first, then the node says farewell. */
    public void leave() {
        if (stage == Stage.RUNNING) {
            stage = Stage.FINISHING;
            isOpen = false;
            deadlineNanos = now() + closeLimit.toNanos();
            dispatch.handles().all().forEach(handle -> handle.beginClose(deadlineNanos));
        }
    }

    public long nextDeadlineNanos() {
        long next = deadlineNanos;
        for (HandleState handle : closingHandles) {
            next = Math.min(next, handle.closeDeadlineNanos());
        }
        return next;
    }

    /** Takes the next step of whatever is closing; says whether there was one to take. */
    public boolean advance(Departing loop) {
        boolean isLate = now() >= deadlineNanos;
        return switch (stage) {
            case RUNNING -> closeHandles();
            case FINISHING -> (isLate || (isFinished() && hasSaidFarewell())) && depart(loop);
            case DEPARTING -> (!loop.hasEffects() || isLate) && end(loop);
            case ENDED -> false;
        };
    }

    /**
     * Can be called again if it was not carried out to its end.
     *
     * @param did what the node did last, which is kept
     */
    public void failed(TotemException reason, List<String> did) {
        if (stage != Stage.ENDED) {
            failure = reason;
            lastWords = did;
            end();
        }
    }

    /** The scheduler of a handle has thrown what it may not throw: the handle ends at once, all else goes on. */
    public void broken(HandleState handle, Throwable thrown) {
        if (!handle.isClosed()) {
            TotemException reason = new ConfigurationException(
                    "scheduler",
                    String.valueOf(thrown),
                    "the scheduler of a handle may throw nothing but RejectedExecutionException: open the handle with another",
                    thrown);
            LOG.warn("a handle ends: {}", reason.getMessage());
            closingHandles.remove(handle);
            sends.giveUp(handle, "the handle's scheduler failed");
            end(handle, reason);
        }
    }

    private boolean closeHandles() {
        for (HandleState handle : List.copyOf(closingHandles)) {
            boolean isLate = now() >= handle.closeDeadlineNanos();
            boolean isDone = handle.accepted().isEmpty();
            if ((isDone || isLate) && handle.takeFarewell()) {
                sends.say(new GroupNotice.Close(handle.number()));
            }
            if (isLate || (isDone && !handle.isSayingClosed())) {
                closingHandles.remove(handle);
                sends.giveUp(handle, "the handle closed");
                end(handle, failure);
            }
        }
        return false;
    }

    private boolean depart(Departing loop) {
        loop.step(new Input.Leave());
        stage = Stage.DEPARTING;
        deadlineNanos = now() + closeLimit.toNanos();
        return true;
    }

    private boolean end(Departing loop) {
        dispatch.force();
        loop.end();
        end();
        return false;
    }

    private boolean isFinished() {
        return dispatch.isEmpty()
                && dispatch.handles().all().stream()
                        .allMatch(handle -> handle.accepted().isEmpty())
                && machine.isSettled();
    }

    /** All handles leave their groups before the node leaves the ring. */
    private boolean hasSaidFarewell() {
        if (!dispatch.hasOwnMembers()) {
            return true;
        }
        if (!isFarewellSaid) {
            isFarewellSaid = true;
            sends.say(new GroupNotice.CloseAll());
        }
        return false;
    }

    private void end() {
        isOpen = false;
        deadlineNanos = Long.MAX_VALUE;
        closingHandles.clear();
        for (HandleState handle : List.copyOf(dispatch.handles().all())) {
            sends.giveUp(handle, failure == null ? "the node closed" : "the node stopped");
            end(handle, failure);
        }
        dispatch.ended();
        session.close();
        closeLink().subscribe(nothing -> {}, notReleased -> released(), this::released);
        stage = Stage.ENDED;
    }

    private Mono<Void> closeLink() {
        Mono<Void> close = environment.link().close();
        return failure == null ? close : Mono.whenDelayError(close, keepLastWords());
    }

    private Mono<Void> keepLastWords() {
        List<String> words = lastWords;
        return Mono.create(sink -> {
            try {
                environment.lastWords().keep(words).subscribe(nothing -> {}, notKept -> sink.success(), sink::success);
            } catch (Throwable noThreadOrMemory) {
                // The end of the node is told all the same.
                sink.success();
            }
        });
    }

    private void end(HandleState handle, @Nullable TotemException reason) {
        dispatch.handles().end(handle, reason);
        dispatch.wake();
        handle.finishClose();
        watch(handle.lane(), LaneTurn.NONE);
    }

    /**
     * A thread that is in a callback of the handle, and stays there, perhaps waits for what the handle has yet to signal: that is
     * then signalled elsewhere.
     *
     * @param before the turn that was under way a close limit ago
     */
    private void watch(HandleLane lane, long before) {
        long now = lane.turnUnderWay();
        if (now != LaneTurn.NONE && now == before) {
            lane.rescue(now);
        }
        if (now != LaneTurn.NONE) {
            environment.scheduler().scheduleElsewhere(closeLimit, () -> watch(lane, now));
        }
    }

    /** Whoever is told of the end finds the node ended. */
    private void released() {
        stage = Stage.ENDED;
        TotemException reason = failure;
        if (reason == null) {
            closed.tryEmitEmpty();
        } else {
            closed.tryEmitError(reason);
        }
    }

    private long now() {
        return environment.scheduler().nowNanos();
    }
}
