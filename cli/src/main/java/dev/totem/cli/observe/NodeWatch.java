/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a node, one after another, for as long as somebody takes them: a node that goes away is tried again every
 * second. One thread takes; nothing is kept but what came last.
 */
final class NodeWatch implements AutoCloseable {

    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int NEWS_MAX = 8;

    /** What there is to say. */
    sealed interface News {

        record Seen(NodeStatus status) implements News {}

        /**
         * Nothing comes any more.
         *
         * @param why one line
         */
        record Gone(String why) implements News {}
    }

    private record Item(int connection, News news) {}

    private final NodeHttp http;

    /** A node sends a document a second. */
    private final long silenceNanos;

    private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(NEWS_MAX);
    private @Nullable StatusEvents events;
    private int connection;
    private long deadlineNanos;

    NodeWatch(NodeHttp http) {
        this.http = http;
        this.silenceNanos = http.limit().toNanos();
        this.deadlineNanos = System.nanoTime();
    }

    /** The next news, or nothing if there are none in this time. */
    Optional<News> next(Duration limit) throws InterruptedException {
        tend();
        Item item = items.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (item == null || item.connection != connection || events == null) {
            return Optional.empty();
        }
        if (item.news instanceof News.Gone) {
            drop();
        } else {
            deadlineNanos = System.nanoTime() + silenceNanos;
        }
        return Optional.of(item.news);
    }

    @Override
    public void close() {
        if (events != null) {
            events.close();
            events = null;
        }
    }

    /** Whatever is due: an attempt, or giving up on a connection that is silent. */
    private void tend() {
        if (System.nanoTime() - deadlineNanos < 0) {
            return;
        }
        if (events == null) {
            open();
        } else {
            int silent = connection;
            items.clear();
            offer(
                    silent,
                    new News.Gone(http.address() + ": nothing was heard for "
                            + Duration.ofNanos(silenceNanos).toSeconds() + " s"));
            deadlineNanos = System.nanoTime() + silenceNanos;
        }
    }

    private void open() {
        int number = ++connection;
        // The limit of an attempt is its own, and longer than this one if the host does not answer.
        deadlineNanos = System.nanoTime() + 2 * silenceNanos;
        events = StatusEvents.open(http, new StatusEvents.Listener() {
            @Override
            public void status(NodeStatus status) {
                offer(number, new News.Seen(status));
            }

            @Override
            public void gone(String why) {
                offer(number, new News.Gone(why));
            }
        });
    }

    private void drop() {
        close();
        deadlineNanos = System.nanoTime() + PAUSE_NANOS;
    }

    /** What came before gives way: nobody wants to see the past. */
    private void offer(int number, News news) {
        while (!items.offer(new Item(number, news))) {
            items.poll();
        }
    }
}
