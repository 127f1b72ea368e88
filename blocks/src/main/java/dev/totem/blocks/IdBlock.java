/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Host;
import dev.totem.core.ConfigurationException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Numbers that nobody else gets, most of them without a round trip: they are taken from a {@link Counter} in blocks. Growing in
 * each block, not from node to node. Any thread.
 */
public final class IdBlock {

    private final Counter counter;
    private final Host<?, ?, ?> host;
    private final int size;

    // the replica's thread
    private final Deque<MonoSink<Long>> waiting = new ArrayDeque<>();
    private long next;
    private long left;
    private boolean isTaking;

    IdBlock(Counter counter, Host<?, ?, ?> host, int size) {
        if (size < 1) {
            throw new ConfigurationException("size", String.valueOf(size), "a block has 1 id or more");
        }
        this.counter = counter;
        this.host = host;
        this.size = size;
    }

    /** The next one, from 1; when a block is used up, it waits for another. Fails as {@link Counter#addAndGet}. */
    public Mono<Long> next() {
        return Mono.create(sink -> host.run(() -> {
            waiting.add(sink);
            serve();
        }));
    }

    private void serve() {
        while (left > 0 && !waiting.isEmpty()) {
            left--;
            waiting.remove().success(next++);
        }
        if (!waiting.isEmpty() && !isTaking) {
            isTaking = true;
            counter.addAndGet(size)
                    .subscribe(last -> host.run(() -> taken(last)), failed -> host.run(() -> failed(failed)));
        }
    }

    private void taken(long last) {
        isTaking = false;
        next = last - size + 1;
        left = size;
        serve();
    }

    private void failed(Throwable reason) {
        isTaking = false;
        List<MonoSink<Long>> refused = List.copyOf(waiting);
        waiting.clear();
        refused.forEach(sink -> sink.error(reason));
    }
}
