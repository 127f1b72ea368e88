/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.client.internal.wire.Frame;
import dev.totem.core.ConfigurationException;
import dev.totem.core.EventsMissedException;
import dev.totem.core.NodeClosedException;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * What a client has asked its executive for: handles, their streams, and the operations that are not answered. The session's loop
 * only.
 */
final class Requests {

    private final ClientSession session;
    private final Operations operations = new Operations();
    private final Map<Integer, AttachedHandle> handles = new LinkedHashMap<>();
    private final Map<Integer, EventsSubscription> subscriptions = new HashMap<>();
    private final Map<Integer, MonoSink<AttachedHandle>> opening = new HashMap<>();
    private int lastHandle;
    private int lastSubscription;

    Requests(ClientSession session) {
        this.session = session;
    }

    boolean hasStreams() {
        return !subscriptions.isEmpty();
    }

    /** Completes when the executive has opened it. */
    void open(Scheduler scheduler, Optional<String> name, MonoSink<AttachedHandle> sink) {
        if (session.isOver()) {
            sink.error(session.refusal(false));
        } else if (handles.size() >= ClientSession.HANDLES_MAX) {
            sink.error(new ConfigurationException(
                    "handles",
                    String.valueOf(handles.size() + 1),
                    "a client has at most " + ClientSession.HANDLES_MAX + ": close some, or attach a second client"));
        } else {
            int number = ++lastHandle;
            AttachedHandle handle = new AttachedHandle(session, new Lane(scheduler), number, name);
            handles.put(number, handle);
            opening.put(number, sink);
            session.say(new Frame.Open(number, name));
        }
    }

    /** Completes when all have closed, which begins when somebody subscribes. */
    Mono<Void> closeHandles() {
        return Mono.when(handles.values().stream().map(AttachedHandle::close).toList());
    }

    void submit(Operation operation) {
        if (session.isOver()) {
            operation
                    .answer()
                    .failed(
                            operation.isSend()
                                    ? SendFailedException.refused("the client is closed")
                                    : session.refusal(false));
            return;
        }
        operations.add(operation);
        sayWhatMayBeSaid();
    }

    void abandon(Operation operation) {
        if (!session.isOver() && !operations.takeBack(operation) && operation.isSaid()) {
            session.say(new Frame.Abandon(operation.number()));
        }
    }

    void subscribe(AttachedHandle handle, EventsSubscription subscription) {
        int number = ++lastSubscription;
        subscriptions.put(number, subscription);
        session.say(new Frame.Subscribe(number, handle.number(), subscription.policy()));
        subscription.started(number);
    }

    /** More is wanted, or so many bytes were given. */
    void request(int subscription, long events, int bytes) {
        if (subscriptions.containsKey(subscription)) {
            session.say(new Frame.Request(subscription, events, bytes));
        }
    }

    void unsubscribe(EventsSubscription subscription) {
        if (subscriptions.remove(subscription.number()) != null) {
            session.say(new Frame.Cancel(subscription.number()));
        }
    }

    void forget(AttachedHandle handle) {
        handles.remove(handle.number());
    }

    void sayWhatMayBeSaid() {
        if (!session.isConnected()) {
            return;
        }
        for (Frame.Operation next = operations.next(session.limits());
                next != null;
                next = operations.next(session.limits())) {
            session.say(next);
        }
    }

    /** What was said to the executive before is as it is; nobody will tell. */
    void lost() {
        subscriptions.clear();
        for (Operation operation : operations.takeSaid()) {
            operation
                    .answer()
                    .failed(
                            operation.isSend()
                                    ? SendFailedException.unknown(
                                            "the executive's session was lost before it had answered")
                                    : new NodeClosedException("the session at the executive"));
        }
        for (AttachedHandle handle : List.copyOf(handles.values())) {
            handle.failStreams(new EventsMissedException("the executive's session of this client was lost"));
        }
    }

    /** Brings the handles to where they were, at another executive. */
    void comeAgain() {
        for (AttachedHandle handle : handles.values()) {
            session.say(new Frame.Open(handle.number(), handle.name()));
            operations.addFirst(handle.again());
        }
    }

    /**
     * Hands on what the executive says; whether it may say so.
     *
     * @param bytes of the frame
     */
    boolean said(Frame.FromServer frame, int bytes) {
        if (frame instanceof Frame.Event event) {
            EventsSubscription subscription = subscriptions.get(event.subscription());
            return subscription == null || subscription.arrived(event.event(), event.membersAsTold(), bytes);
        } else if (frame instanceof Frame.Done done) {
            answered(done.op(), done);
        } else if (frame instanceof Frame.Failed failed) {
            Operation operation = operations.answered(failed.op());
            if (operation != null) {
                operation.answer().failed(failed.reason());
            }
            sayWhatMayBeSaid();
        } else if (frame instanceof Frame.Opened opened) {
            opened(opened);
        } else if (frame instanceof Frame.Complete complete) {
            ended(complete.subscription(), null);
        } else if (frame instanceof Frame.Broken broken) {
            ended(broken.subscription(), broken.reason());
        } else if (frame instanceof Frame.Roll roll) {
            AttachedHandle handle = handles.get(roll.handle());
            if (handle != null) {
                handle.roll(roll);
            }
        } else if (frame instanceof Frame.Stats stats) {
            answered(stats.op(), stats);
        } else if (frame instanceof Frame.Health health) {
            answered(health.op(), health);
        } else if (frame instanceof Frame.Members members) {
            answered(members.op(), members);
        }
        return true;
    }

    private void answered(int number, Frame answer) {
        Operation operation = operations.answered(number);
        if (operation != null) {
            operation.answer().done(answer);
        }
        sayWhatMayBeSaid();
    }

    private void opened(Frame.Opened opened) {
        AttachedHandle handle = handles.get(opened.handle());
        if (handle != null) {
            handle.opened(opened.id());
            MonoSink<AttachedHandle> sink = opening.remove(opened.handle());
            if (sink != null) {
                handle.lane().run(() -> sink.success(handle));
            }
        }
    }

    private void ended(int number, @Nullable TotemException reason) {
        EventsSubscription subscription = subscriptions.remove(number);
        if (subscription != null) {
            subscription.ended(reason);
        }
    }

    /**
     * It is over.
     *
     * @param reason what the session failed with, or nothing if it ended in order
     */
    void over(@Nullable TotemException reason) {
        operations
                .takeSaid()
                .forEach(each -> each.answer()
                        .failed(
                                each.isSend()
                                        ? SendFailedException.unknown("the client has ended")
                                        : session.refusal(false)));
        operations
                .takeWaiting()
                .forEach(each -> each.answer()
                        .failed(
                                each.isSend()
                                        ? SendFailedException.refused("the client has ended")
                                        : session.refusal(false)));
        TotemException missing =
                reason != null ? reason : new EventsMissedException("the client has ended before they were requested");
        List.copyOf(subscriptions.values()).forEach(each -> each.ended(missing));
        subscriptions.clear();
        List.copyOf(handles.values()).forEach(AttachedHandle::finish);
        opening.values().forEach(sink -> sink.error(session.refusal(false)));
        opening.clear();
    }
}
