/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.internal.link.Unconfirmed;
import dev.totem.client.internal.link.Wire;
import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.SessionId;
import dev.totem.core.TotemException;
import dev.totem.server.ClientIdentity;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * One client: what it asked for and what it was told, over one connection after the other. Its loop only, except where it says
 * otherwise.
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
    private final Unconfirmed out = new Unconfirmed();
    private final Requests requests;
    private final Sinks.Empty<Void> end = Sinks.empty();

    private @Nullable Wire wire;
    private @Nullable Future<?> lease;
    private @Nullable Future<?> ending;
    private long received;
    private long confirmed;
    private boolean flushIsDue;
    private boolean isOver;

    Session(Sessions sessions, SessionId id, ClientIdentity client, String name, EventLoop loop) {
        this.sessions = sessions;
        this.id = id;
        this.client = client;
        this.name = name;
        this.loop = loop;
        this.requests = new Requests(this, sessions, Schedulers.fromExecutor(loop));
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
                requests.said(said);
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
            out.handOver();
            by.write(new Frame.Ack(confirmed));
            by.flush();
        }
    }

    void violated(String how) {
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
                        out.handOver();
                        now.flush();
                    }
                }
            });
        }
    }

    private void pullAll() {
        if (!isOver) {
            requests.pullAll();
        }
    }

    void forget(ServedEvents events) {
        requests.forget(events);
    }

    // --- ends ---

    /** The client is told when its streams have ended, or soon: what was not asked for until then is not had any more. */
    void nodeEnded(Frame.Ended told, long sinceNanos) {
        if (isOver) {
            return;
        }
        if (!requests.hasSubscriptions()
                || System.nanoTime() - sinceNanos > TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS)) {
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

    void over(String why) {
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
        requests.cancel();
        if (last != null) {
            last.closeWhenWritten();
        }
        requests.closeHandles().subscribe(nothing -> {}, thrown -> end.tryEmitEmpty(), end::tryEmitEmpty);
    }

    @Override
    public String toString() {
        return "client " + (name.isEmpty() ? "" : name + " ") + "of " + client;
    }
}
