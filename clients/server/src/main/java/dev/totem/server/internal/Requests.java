/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.internal.session.ClientSession;
import dev.totem.client.internal.wire.Frame;
import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Message;
import dev.totem.core.NodeClosedException;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemException;
import dev.totem.server.ClientAuthorization;
import dev.totem.server.ClientIdentity;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What one client has asked for: its handles at the node, their subscribers, and the operations that are not answered. The
 * session's loop only.
 */
final class Requests {

    private final Session session;
    private final Sessions sessions;
    private final Scheduler scheduler;
    private final Map<Integer, ServedHandle> handles = new LinkedHashMap<>();
    private final Map<Integer, ServedEvents> subscriptions = new HashMap<>();
    private final Map<Integer, Disposable> sends = new HashMap<>();

    /** Of the operations that are not answered. */
    private final Map<Integer, Integer> costs = new HashMap<>();

    private long operationBytes;

    /** @param scheduler the session's loop */
    Requests(Session session, Sessions sessions, Scheduler scheduler) {
        this.session = session;
        this.sessions = sessions;
        this.scheduler = scheduler;
    }

    boolean hasSubscriptions() {
        return !subscriptions.isEmpty();
    }

    /** There may be room again for what subscribers wait for. */
    void pullAll() {
        List.copyOf(subscriptions.values()).forEach(ServedEvents::pull);
    }

    /** Nothing is to be told any more. */
    void cancel() {
        List<ServedEvents> open = List.copyOf(subscriptions.values());
        subscriptions.clear();
        open.forEach(ServedEvents::dispose);
    }

    /** Completes when they have closed, which begins when somebody subscribes. */
    Mono<Void> closeHandles() {
        List<Mono<Void>> closing = handles.values().stream()
                .map(served -> served.handle().close().onErrorComplete())
                .toList();
        handles.clear();
        return Mono.when(closing);
    }

    void said(Frame.FromClient frame) {
        if (frame instanceof Frame.Operation operation) {
            operation(operation);
        } else if (frame instanceof Frame.Request request) {
            ServedEvents events = subscriptions.get(request.subscription());
            if (events != null) {
                events.requested(request.events(), request.bytes());
            }
        } else if (frame instanceof Frame.Abandon abandon) {
            Disposable send = sends.remove(abandon.op());
            if (send != null) {
                send.dispose();
                failed(abandon.op(), SendFailedException.unknown("it was taken back"));
            }
        } else if (frame instanceof Frame.Subscribe subscribe) {
            subscribe(subscribe);
        } else if (frame instanceof Frame.Cancel cancel) {
            ServedEvents events = subscriptions.remove(cancel.subscription());
            if (events != null) {
                events.dispose();
            }
        } else if (frame instanceof Frame.Open open) {
            open(open);
        } else if (frame instanceof Frame.Bye) {
            session.over("it has said good-bye");
        }
    }

    private void open(Frame.Open open) {
        if (handles.size() >= ClientSession.HANDLES_MAX || handles.containsKey(open.handle())) {
            session.violated("handle " + open.handle() + " is open, or too many are");
            return;
        }
        EvsHandle opened = open.name().isPresent()
                ? sessions.node().openHandle(scheduler, open.name().get())
                : sessions.node().openHandle(scheduler);
        ServedHandle handle = new ServedHandle(session, open.handle(), opened);
        handles.put(open.handle(), handle);
        session.say(new Frame.Opened(open.handle(), opened.id()));
        handle.follow();
    }

    private void subscribe(Frame.Subscribe subscribe) {
        ServedHandle handle = handles.get(subscribe.handle());
        if (subscriptions.containsKey(subscribe.subscription())
                || subscriptions.size() >= 4 * ClientSession.HANDLES_MAX) {
            session.violated("subscription " + subscribe.subscription() + " is there, or too many are");
        } else if (handle == null) {
            session.say(new Frame.Broken(subscribe.subscription(), new NodeClosedException("handle")));
        } else {
            ServedEvents events = new ServedEvents(session, subscribe.subscription());
            subscriptions.put(subscribe.subscription(), events);
            handle.handle().events(subscribe.policy()).subscribe(events);
        }
    }

    /** It has ended. */
    void forget(ServedEvents events) {
        subscriptions.remove(events.number());
    }

    private void operation(Frame.Operation operation) {
        int cost = operation.cost();
        Frame.Limits limits = sessions.limits().client();
        if (costs.size() >= limits.operations()
                || (!costs.isEmpty() && operationBytes + cost > limits.operationBytes())
                || costs.putIfAbsent(operation.op(), cost) != null) {
            session.violated("more at once than it may ask for");
            return;
        }
        sessions.counters().operations.increment();
        operationBytes += cost;
        if (operation instanceof Frame.Send send) {
            send(send);
        } else if (operation instanceof Frame.Groups groups) {
            groups(groups);
        } else if (operation instanceof Frame.Close close) {
            close(close);
        } else if (operation instanceof Frame.AskStats ask) {
            done(ask.op(), new Frame.Stats(ask.op(), sessions.node().stats().byName()));
        } else if (operation instanceof Frame.AskHealth ask) {
            done(ask.op(), new Frame.Health(ask.op(), sessions.node().health()));
        } else if (operation instanceof Frame.AskMembership ask) {
            done(ask.op(), new Frame.Members(ask.op(), sessions.node().membership()));
        }
    }

    private void done(int op, Frame answer) {
        Integer cost = costs.remove(op);
        if (cost != null) {
            operationBytes -= cost;
            session.say(answer);
        }
    }

    private void failed(int op, Throwable thrown) {
        done(op, new Frame.Failed(op, known(thrown)));
    }

    static TotemException known(Throwable thrown) {
        return thrown instanceof TotemException known
                ? known
                : SendFailedException.unknown("the executive failed: " + thrown);
    }

    private void send(Frame.Send send) {
        ServedHandle handle = handles.get(send.handle());
        if (handle == null) {
            failed(send.op(), SendFailedException.refused("the handle is closed"));
            return;
        }
        Optional<String> denied = deniedOf(send.message(), handle.handle());
        if (denied.isPresent()) {
            failed(send.op(), SendFailedException.refused(session.client() + " may not send to " + denied.get()));
            return;
        }
        Disposable.Swap place = Disposables.swap();
        sends.put(send.op(), place);
        place.update(handle.handle()
                .send(send.message())
                .subscribe(
                        position -> session.execute(() -> sent(send.op(), position)),
                        thrown -> session.execute(() -> {
                            sends.remove(send.op());
                            failed(send.op(), thrown);
                        })));
    }

    private void sent(int op, Position position) {
        sends.remove(op);
        done(op, new Frame.Done(op, Optional.of(position)));
    }

    private Optional<String> deniedOf(Message message, EvsHandle from) {
        ClientAuthorization may = sessions.authorization();
        if (!message.recipients().isEmpty()) {
            return denied(message.recipients(), may::mayAddress).map(member -> "member " + member);
        }
        Collection<GroupName> to = message.groups().isEmpty() ? from.groups() : message.groups();
        return denied(to, may::maySend).map(group -> "group " + group);
    }

    private <T> Optional<T> denied(Collection<T> all, BiPredicate<ClientIdentity, T> permission) {
        Optional<T> denied = all.stream()
                .filter(each -> !permission.test(session.client(), each))
                .findFirst();
        if (denied.isPresent()) {
            sessions.counters().denied.increment();
        }
        return denied;
    }

    private void groups(Frame.Groups groups) {
        ServedHandle handle = handles.get(groups.handle());
        if (handle == null) {
            failed(groups.op(), new NodeClosedException("handle"));
            return;
        }
        Optional<GroupName> denied = switch (groups.action()) {
            case JOIN -> denied(groups.groups(), sessions.authorization()::mayJoin);
            case WATCH -> denied(groups.groups(), sessions.authorization()::mayRead);
            case LEAVE, UNWATCH -> Optional.empty();
        };
        if (denied.isPresent()) {
            failed(
                    groups.op(),
                    new ConfigurationException(
                            "group",
                            denied.get().value(),
                            session.client() + " may not "
                                    + groups.action().name().toLowerCase(Locale.ROOT)
                                    + " it: the executive's operator says who may"));
            return;
        }
        Mono<Optional<Position>> change = switch (groups.action()) {
            case JOIN -> handle.handle().join(groups.groups()).map(Optional::of);
            case LEAVE -> handle.handle().leave(groups.groups()).map(Optional::of);
            case WATCH -> handle.handle().watch(groups.groups()).thenReturn(Optional.<Position>empty());
            case UNWATCH -> handle.handle().unwatch(groups.groups()).thenReturn(Optional.<Position>empty());
        };
        change.defaultIfEmpty(Optional.empty())
                .subscribe(
                        position -> session.execute(() -> done(groups.op(), new Frame.Done(groups.op(), position))),
                        thrown -> session.execute(() -> failed(groups.op(), thrown)));
    }

    private void close(Frame.Close close) {
        ServedHandle handle = handles.get(close.handle());
        if (handle == null) {
            done(close.op(), new Frame.Done(close.op(), Optional.empty()));
            return;
        }
        handle.handle()
                .close()
                .subscribe(
                        nothing -> {},
                        thrown -> session.execute(() -> closed(close)),
                        () -> session.execute(() -> closed(close)));
    }

    private void closed(Frame.Close close) {
        handles.remove(close.handle());
        done(close.op(), new Frame.Done(close.op(), Optional.empty()));
    }
}
