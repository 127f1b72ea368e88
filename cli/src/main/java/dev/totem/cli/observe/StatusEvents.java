/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a node's {@code /events}. The listener is called on threads of the HTTP client, one call at a time; after
 * {@link Listener#gone}, and after {@link #close()} but for a call under way, it is not called any more.
 */
final class StatusEvents implements BodySubscriber<Void>, AutoCloseable {

    private static final int EVENT_BYTES_MAX = 16 << 20;

    /** Who hears of it. */
    interface Listener {

        void status(NodeStatus status);

        /**
         * Nothing comes any more.
         *
         * @param why one line
         */
        void gone(String why);
    }

    private final NodeHttp http;
    private final Listener listener;
    private final EventParser parser = new EventParser(EVENT_BYTES_MAX, this::event);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile Flow.@Nullable Subscription upstream;

    private StatusEvents(NodeHttp http, Listener listener) {
        this.http = http;
        this.listener = listener;
    }

    /** Begins to connect; returns at once. */
    @SuppressWarnings("FutureReturnValueIgnored") // the listener is told
    static StatusEvents open(NodeHttp http, Listener listener) {
        StatusEvents events = new StatusEvents(http, listener);
        http.read("/events", events)
                .orTimeout(http.limit().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((head, failure) -> {
                    if (failure != null) {
                        events.fail(failure);
                    }
                });
        return events;
    }

    /** The first document that says so, or that the node went away. The connection is closed then. */
    @SuppressWarnings("FutureReturnValueIgnored") // it is the one that is returned
    static CompletableFuture<NodeStatus> first(NodeHttp http, Predicate<NodeStatus> wanted) {
        CompletableFuture<NodeStatus> found = new CompletableFuture<>();
        StatusEvents events = open(http, new Listener() {
            @Override
            public void status(NodeStatus status) {
                if (wanted.test(status)) {
                    found.complete(status);
                }
            }

            @Override
            public void gone(String why) {
                found.completeExceptionally(new IOException(why));
            }
        });
        found.whenComplete((status, failure) -> events.close());
        return found;
    }

    @Override
    public CompletionStage<Void> getBody() {
        // The head is what its reader waits for.
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        if (isOver.get()) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        try {
            for (ByteBuffer buffer : buffers) {
                parser.feed(buffer);
            }
        } catch (IOException tooLong) {
            fail(tooLong);
            return;
        }
        Flow.Subscription source = upstream;
        if (source != null) {
            source.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        fail(new IOException("the connection has ended", failure));
    }

    @Override
    public void onComplete() {
        fail(new IOException("the connection has ended"));
    }

    @Override
    public void close() {
        isOver.set(true);
        Flow.Subscription source = upstream;
        if (source != null) {
            source.cancel();
        }
    }

    private void event(String name, byte[] data) {
        if (!name.equals("status") || isOver.get()) {
            return;
        }
        try {
            listener.status(NodeStatus.read(http.address().toString(), data));
        } catch (IOException wrong) {
            end(String.valueOf(wrong.getMessage()));
        }
    }

    private void fail(Throwable failure) {
        end(String.valueOf(http.failure(failure).getMessage()));
    }

    private void end(String why) {
        if (isOver.compareAndSet(false, true)) {
            close();
            listener.gone(why);
        }
    }
}
