/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.internal.link.Unconfirmed;
import dev.totem.client.internal.link.Wire;
import dev.totem.client.internal.session.ClientSession;
import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.SessionId;
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
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One client: its handles at the node, what it asked for and what it was told, over one connection after the other. Its loop
 * only, except where it says otherwise.
 */
final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int ACK_FRAMES = 64;
    private static final int LINGER_MILLIS = 500;

    private final Sessions sessions;
    private final SessionId id;
    private final ClientIdentity client;
    private final String name;
    private final EventLoop loop;
    private final Scheduler scheduler;
    private final Unconfirmed out = new Unconfirmed();
    private final Map<Integer, ServedHandle> handles = new LinkedHashMap<>();
    private final Map<Integer, ServedEvents> subscriptions = new HashMap<>();
    private final Map<Integer, Disposable> sends = new HashMap<>();

    /** Of the operations that are not answered. */
    private final Map<Integer, Integer> costs = new HashMap<>();

    private final Sinks.Empty<Void> end = Sinks.empty();

    private @Nullable Wire wire;
    private @Nullable Future<?> lease;
    private @Nullable Future<?> ending;
    private long received;
    private long confirmed;
    private long operationBytes;
    private boolean flushIsDue;
    private boolean isOver;

    Session(Sessions sessions, SessionId id, ClientIdentity client, String name, EventLoop loop) {
        this.sessions = sessions;
        this.id = id;
        this.client = client;
        this.name = name;
        this.loop = loop;
        this.scheduler = Schedulers.fromExecutor(loop);
    }

    /** Any thread. */
    ClientIdentity client() {
        return client;
    }

    /** Any thread: runs on the loop; at once if this is it. */
    void execute(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** What may still be kept for the client, bytes; it may be negative. */
    long bytesFree() {
        return sessions.limits().retainedBytes() - out.bytes();
    }

    boolean isConnected() {
        return wire != null;
    }

    ServerLimits limits() {
        return sessions.limits();
    }

    // --- connections ---

    void begin(Wire by) {
        wire = by;
        by.write(welcome(false));
        out.attach(by);
        flushSoon();
        LOG.info("{} attaches", this);
    }

    void resume(Wire by, long receivedByClient) {
        Wire former = wire;
        wire = null;
        if (former != null) {
            former.close();
        }
        if (isOver || !out.confirm(receivedByClient)) {
            by.close();
            return;
        }
        if (lease != null) {
            lease.cancel(false);
            lease = null;
        }
        sessions.counters().resumed.increment();
        wire = by;
        confirmed = received;
        by.write(welcome(true));
        out.attach(by);
        flushSoon();
        pullAll();
        LOG.info("{} is back", this);
    }

    private Frame welcome(boolean isResumed) {
        return new Frame.Welcome(
                id, isResumed, received, sessions.node().id(), sessions.limits().client());
    }

    void lost(Wire by, String why) {
        if (by != wire || isOver) {
            return;
        }
        wire = null;
        out.detach();
        int millis = sessions.limits().client().leaseMillis();
        LOG.info("{} has lost its connection, its place is kept for {} ms: {}", this, millis, why);
        lease = loop.schedule(
                () -> {
                    sessions.counters().expired.increment();
                    over("its lease is over");
                },
                millis,
                TimeUnit.MILLISECONDS);
        pullAll();
    }

    void arrived(Wire by, Frame frame) {
        if (by != wire || isOver) {
            return;
        }
        if (frame instanceof Frame.Ack ack) {
            if (out.confirm(ack.received())) {
                pullAll();
            } else {
                violated("it confirms what was not said");
            }
        } else if (frame instanceof Frame.FromClient said) {
            received++;
            try {
                said(said);
            } catch (TotemException refused) {
                violated(String.valueOf(refused.getMessage()));
            }
        } else {
            violated("it says what an executive says");
        }
    }

    void readComplete(Wire by) {
        if (by == wire && received - confirmed >= ACK_FRAMES) {
            confirm(by);
        }
    }

    void confirm(Wire by) {
        if (by == wire) {
            confirmed = received;
            by.write(new Frame.Ack(confirmed));
            by.flush();
        }
    }

    private void violated(String how) {
        sessions.counters().violations.increment();
        over("it does not keep to the protocol: " + how);
    }

    void say(Frame frame) {
        if (isOver) {
            return;
        }
        out.say(frame);
        flushSoon();
        checkRetained();
    }

    /** Says an event; its bytes. */
    int tell(Frame.Event event) {
        if (isOver) {
            return 0;
        }
        sessions.counters().events.increment();
        int bytes = out.say(event);
        flushSoon();
        checkRetained();
        return bytes;
    }

    /** Without a connection nothing is held back for a client: it has what is kept, or it begins anew. */
    private void checkRetained() {
        if (out.bytes() > sessions.limits().retainedBytesMost() || (wire == null && bytesFree() < 0)) {
            sessions.counters().overrun.increment();
            over(wire == null ? "more was to be kept for it than is kept" : "it reads nothing");
        }
    }

    private void flushSoon() {
        if (!flushIsDue) {
            flushIsDue = true;
            loop.execute(() -> {
                flushIsDue = false;
                Wire now = wire;
                if (now != null) {
                    if (received != confirmed) {
                        confirm(now);
                    } else {
                        now.flush();
                    }
                }
            });
        }
    }

    private void pullAll() {
        if (!isOver) {
            List.copyOf(subscriptions.values()).forEach(ServedEvents::pull);
        }
    }

    // --- what the client says ---

    private void said(Frame.FromClient frame) {
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
            over("it has said good-bye");
        }
    }

    private void open(Frame.Open open) {
        if (handles.size() >= ClientSession.HANDLES_MAX || handles.containsKey(open.handle())) {
            violated("handle " + open.handle() + " is open, or too many are");
            return;
        }
        EvsHandle opened = open.name().isPresent()
                ? sessions.node().openHandle(scheduler, open.name().get())
                : sessions.node().openHandle(scheduler);
        ServedHandle handle = new ServedHandle(this, open.handle(), opened);
        handles.put(open.handle(), handle);
        say(new Frame.Opened(open.handle(), opened.id()));
        handle.follow();
    }

    private void subscribe(Frame.Subscribe subscribe) {
        ServedHandle handle = handles.get(subscribe.handle());
        if (subscriptions.containsKey(subscribe.subscription())
                || subscriptions.size() >= 4 * ClientSession.HANDLES_MAX) {
            violated("subscription " + subscribe.subscription() + " is there, or too many are");
        } else if (handle == null) {
            say(new Frame.Broken(subscribe.subscription(), new NodeClosedException("handle")));
        } else {
            ServedEvents events = new ServedEvents(this, subscribe.subscription());
            subscriptions.put(subscribe.subscription(), events);
            handle.handle().events(subscribe.policy()).subscribe(events);
        }
    }

    void forget(ServedEvents events) {
        subscriptions.remove(events.number());
    }

    private void operation(Frame.Operation operation) {
        int cost = operation.cost();
        Frame.Limits limits = sessions.limits().client();
        if (costs.size() >= limits.operations()
                || (!costs.isEmpty() && operationBytes + cost > limits.operationBytes())
                || costs.putIfAbsent(operation.op(), cost) != null) {
            violated("more at once than it may ask for");
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
            done(ask.op(), new Frame.Stats(ask.op(), sessions.node().stats()));
        } else if (operation instanceof Frame.AskMembership ask) {
            done(ask.op(), new Frame.Members(ask.op(), sessions.node().membership()));
        }
    }

    private void done(int op, Frame answer) {
        Integer cost = costs.remove(op);
        if (cost != null) {
            operationBytes -= cost;
            say(answer);
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
            failed(send.op(), SendFailedException.refused(client + " may not send to " + denied.get()));
            return;
        }
        Disposable.Swap place = Disposables.swap();
        sends.put(send.op(), place);
        place.update(handle.handle()
                .send(send.message())
                .subscribe(
                        position -> execute(() -> sent(send.op(), position)),
                        thrown -> execute(() -> {
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
        Optional<T> denied =
                all.stream().filter(each -> !permission.test(client, each)).findFirst();
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
                            client + " may not " + groups.action().name().toLowerCase(Locale.ROOT)
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
                        position -> execute(() -> done(groups.op(), new Frame.Done(groups.op(), position))),
                        thrown -> execute(() -> failed(groups.op(), thrown)));
    }

    private void close(Frame.Close close) {
        ServedHandle handle = handles.get(close.handle());
        if (handle == null) {
            done(close.op(), new Frame.Done(close.op(), Optional.empty()));
            return;
        }
        handle.handle()
                .close()
                .subscribe(nothing -> {}, thrown -> execute(() -> closed(close)), () -> execute(() -> closed(close)));
    }

    private void closed(Frame.Close close) {
        handles.remove(close.handle());
        done(close.op(), new Frame.Done(close.op(), Optional.empty()));
    }

    // --- ends ---

    /** The client is told when its streams have ended, or soon: what was not asked for until then is not had any more. */
    void nodeEnded(Frame.Ended told, long sinceNanos) {
        if (isOver) {
            return;
        }
        if (subscriptions.isEmpty() || System.nanoTime() - sinceNanos > TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS)) {
            out.say(told);
            over("the node has ended");
        } else {
            ending = loop.schedule(() -> nodeEnded(told, sinceNanos), LINGER_MILLIS / 20, TimeUnit.MILLISECONDS);
        }
    }

    /** Any thread: completes when it has ended and its handles have closed. */
    Mono<Void> end() {
        return Mono.defer(() -> {
            execute(() -> over("the executive closes"));
            return end.asMono();
        });
    }

    private void over(String why) {
        if (isOver) {
            return;
        }
        isOver = true;
        LOG.info("{} is gone: {}", this, why);
        sessions.forget(id);
        if (lease != null) {
            lease.cancel(false);
        }
        if (ending != null) {
            ending.cancel(false);
        }
        Wire last = wire;
        wire = null;
        out.clear();
        List<ServedEvents> open = new ArrayList<>(subscriptions.values());
        subscriptions.clear();
        open.forEach(ServedEvents::dispose);
        if (last != null) {
            last.closeWhenWritten();
        }
        Mono.when(handles.values().stream()
                        .map(served -> served.handle().close().onErrorComplete())
                        .toList())
                .subscribe(nothing -> {}, thrown -> end.tryEmitEmpty(), end::tryEmitEmpty);
        handles.clear();
    }

    @Override
    public String toString() {
        return "client " + (name.isEmpty() ? "" : name + " ") + "of " + client;
    }
}
