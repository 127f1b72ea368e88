/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.client.ExecutiveAddress;
import dev.totem.client.internal.link.Unconfirmed;
import dev.totem.client.internal.link.Wire;
import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.SessionId;
import dev.totem.core.ConfigurationException;
import dev.totem.core.ExecutiveAwayException;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.TotemException;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A client at its executive: what it asked for, over one connection after the other. Its loop only, except where it says
 * otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is scheduled looks whether it is over
public final class ClientSession implements Wire.Listener, Connector.Outcome {

    /** The most handles that a client has open at once. */
    public static final int HANDLES_MAX = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);
    private static final int ACK_BYTES = 64 << 10;
    private static final int LINGER_MILLIS = 500;
    private static final int PAUSE_MILLIS_LEAST = 20;
    private static final int PAUSE_MILLIS_MOST = 500;
    private static final Frame.Limits NONE = new Frame.Limits(0, 0, 0, 0, 0);

    private final Connector connector;
    private final EventLoop loop;
    private final Duration patience;
    private final Unconfirmed out = new Unconfirmed();
    private final Requests requests = new Requests(this);
    private final Sinks.Empty<Void> end = Sinks.empty();

    private SessionId id = SessionId.NONE;
    private volatile Frame.Limits limits = NONE;
    private volatile @Nullable NodeId node;
    private volatile boolean isOver;
    private @Nullable TotemException failure;
    private @Nullable Wire wire;
    private long received;
    private long confirmed;
    private int unconfirmedBytes;
    private boolean flushIsDue;
    private int address;
    private int failedInARow;
    private long lostAtNanos;
    private @Nullable MonoSink<ClientSession> starting;

    private ClientSession(Connector connector, Duration patience) {
        this.connector = connector;
        this.loop = connector.loop();
        this.patience = patience;
    }

    /**
     * Completes when an executive has welcomed the client.
     *
     * @param patience how long executives are looked for, at the start and when a connection was lost
     */
    public static Mono<ClientSession> start(Connector connector, Duration patience) {
        return Mono.create(sink -> {
            ClientSession session = new ClientSession(connector, patience);
            session.starting = sink;
            session.execute(() -> {
                session.lostAtNanos = System.nanoTime();
                session.connect();
            });
            sink.onCancel(() -> session.execute(() -> session.over(null)));
        });
    }

    /** Any thread: runs on the loop; at once if this is it. */
    void execute(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** Any thread. */
    public boolean isOver() {
        return isOver;
    }

    /** Any thread: the node of the executive that welcomed last. */
    public NodeId node() {
        NodeId known = node;
        if (known == null) {
            throw new IllegalStateException("no executive has welcomed this client");
        }
        return known;
    }

    /** Any thread: ends with the session. */
    public Mono<Void> onClose() {
        return end.asMono();
    }

    /** Any thread: how many freed bytes are worth a frame. */
    int bytesWorthSaying() {
        return limits.eventBytes() / 4;
    }

    /** What a call is answered with that comes too late. */
    TotemException refusal(boolean ofHandle) {
        TotemException reason = failure;
        return reason != null ? reason : new NodeClosedException(ofHandle ? "handle" : "client");
    }

    /** Any thread: completes when the executive has opened it. */
    public Mono<AttachedHandle> open(Scheduler scheduler, Optional<String> name) {
        return Mono.create(sink -> execute(() -> requests.open(scheduler, name, sink)));
    }

    /** Any thread: asks for something that is no handle's. */
    public <T> Mono<T> ask(IntFunction<Frame.Operation> frame, Class<T> answer) {
        return Mono.create(sink -> execute(() -> requests.submit(new Operation(frame, new Operation.Answer() {
            @Override
            public void done(Frame got) {
                sink.success(answer.cast(got));
            }

            @Override
            public void failed(TotemException reason) {
                sink.error(reason);
            }
        }))));
    }

    /** Any thread: closes the handles, which orders their sends, then says good-bye. */
    public Mono<Void> close() {
        return Mono.create(sink -> execute(() -> {
            requests.closeHandles()
                    .subscribe(
                            nothing -> {},
                            failed -> execute(this::goodBye),
                            () -> execute(() -> afterStreams(System.nanoTime())));
            sink.onDispose(onClose().onErrorComplete().subscribe(nothing -> {}, sink::error, sink::success));
        }));
    }

    /** What subscribers have asked for is on its way to them. */
    private void afterStreams(long sinceNanos) {
        if (!requests.hasStreams() || System.nanoTime() - sinceNanos > TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS)) {
            goodBye();
        } else if (!isOver) {
            loop.schedule(() -> afterStreams(sinceNanos), PAUSE_MILLIS_LEAST, TimeUnit.MILLISECONDS);
        }
    }

    private void goodBye() {
        Wire last = wire;
        if (!isOver && last != null) {
            out.say(new Frame.Bye());
        }
        over(null);
    }

    Requests requests() {
        return requests;
    }

    /** Any thread. */
    Frame.Limits limits() {
        return limits;
    }

    boolean isConnected() {
        return wire != null;
    }

    void say(Frame frame) {
        if (!isOver) {
            out.say(frame);
            flushSoon();
        }
    }

    /** Once what is under way on the loop has been said too. */
    private void flushSoon() {
        if (!flushIsDue) {
            flushIsDue = true;
            loop.execute(() -> {
                flushIsDue = false;
                Wire now = wire;
                if (now != null) {
                    out.handOver();
                    now.flush();
                }
            });
        }
    }

    // --- the connection ---

    private void connect() {
        if (!isOver) {
            connector.connect(loop, address, id, received, this);
        }
    }

    @Override
    public Wire.Listener listener() {
        return this;
    }

    @Override
    public void failed(ExecutiveAddress where, String why, boolean isFinal) {
        if (isOver) {
            return;
        }
        long waited = System.nanoTime() - lostAtNanos;
        failedInARow++;
        int known = connector.addresses().size();
        if ((isFinal && known == 1) || waited > patience.toNanos()) {
            over(
                    isFinal
                            ? new ConfigurationException(
                                    "attach", where.toString(), "no executive can be used there: " + why)
                            : new ExecutiveAwayException(where.toString(), why));
            return;
        }
        address = (address + 1) % known;
        int rounds = Math.min(8, failedInARow / known);
        int pause = failedInARow % known != 0 ? 0 : Math.min(PAUSE_MILLIS_MOST, PAUSE_MILLIS_LEAST << rounds);
        loop.schedule(this::connect, pause, TimeUnit.MILLISECONDS);
    }

    @Override
    public void welcomed(Wire by, Frame.Welcome welcome) {
        if (isOver) {
            by.close();
            return;
        }
        boolean isNew = !welcome.isResumed();
        boolean isAnother = isNew && !id.equals(SessionId.NONE);
        if (isAnother) {
            LOG.warn("the executive's session of this client is gone: streams end, sends under way are unknown");
            out.clear();
            received = 0;
            confirmed = 0;
            requests.lost();
        } else if (!out.confirm(welcome.received())) {
            by.close();
            return;
        }
        failedInARow = 0;
        id = welcome.session();
        node = welcome.node();
        limits = welcome.limits();
        wire = by;
        out.attach(by);
        flushSoon();
        if (isAnother) {
            requests.comeAgain();
        }
        requests.sayWhatMayBeSaid();
        MonoSink<ClientSession> first = starting;
        if (first != null) {
            starting = null;
            first.success(this);
        }
    }

    @Override
    public void closed(Wire by, String why) {
        if (by != wire || isOver) {
            return;
        }
        wire = null;
        out.detach();
        lostAtNanos = System.nanoTime();
        LOG.info("the connection to the executive is lost, looking for it: {}", why);
        connect();
    }

    @Override
    public void silent(Wire by) {
        confirm(by);
    }

    @Override
    public void readComplete(Wire by) {
        if (unconfirmedBytes >= ACK_BYTES) {
            confirm(by);
        }
    }

    private void confirm(Wire by) {
        unconfirmedBytes = 0;
        confirmed = received;
        out.handOver();
        by.write(new Frame.Ack(confirmed));
        by.flush();
    }

    @Override
    public void arrived(Wire by, Frame frame, int bytes) {
        if (by != wire || isOver) {
            return;
        }
        if (frame instanceof Frame.Ack ack) {
            if (!out.confirm(ack.received())) {
                violated(by, "it confirms what was not said");
            }
        } else if (frame instanceof Frame.FromServer said) {
            received++;
            unconfirmedBytes += bytes;
            said(by, said, bytes);
        } else {
            violated(by, "it says what a client says");
        }
    }

    private void violated(Wire by, String how) {
        LOG.warn("the executive does not keep to the protocol: {}", how);
        by.close();
    }

    private void said(Wire by, Frame.FromServer frame, int bytes) {
        if (frame instanceof Frame.Ended ended) {
            over(ended.reason().orElse(null));
        } else if (!requests.said(frame, bytes)) {
            violated(by, "a group change without what was before");
        }
    }

    /** @param reason what it failed with, or nothing if it ended in order */
    private void over(@Nullable TotemException reason) {
        if (isOver) {
            return;
        }
        isOver = true;
        failure = reason;
        Wire last = wire;
        wire = null;
        out.clear();
        requests.over(reason);
        if (last != null) {
            last.closeWhenWritten();
        }
        MonoSink<ClientSession> first = starting;
        if (first != null) {
            starting = null;
            first.error(refusal(false));
        }
        if (reason == null) {
            end.tryEmitEmpty();
        } else {
            end.tryEmitError(reason);
        }
    }
}
