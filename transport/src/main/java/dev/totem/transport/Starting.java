/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.TotemNode;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Hands a node that starts to its subscriber. Any thread.
 *
 * <p>A start that is cancelled goes on to its next step and is undone there, or leaves at once when it has become a node: a
 * thread that is interrupted while it opens files and sockets leaves some of them behind, with errors that nobody hears.
 */
final class Starting {

    private static final Logger LOG = LoggerFactory.getLogger(Starting.class);

    private final MonoSink<TotemNode> sink;
    private volatile boolean isCancelled;
    private volatile @Nullable TotemNode made;
    private volatile @Nullable Thread handing;

    private Starting(MonoSink<TotemNode> sink) {
        this.sink = sink;
    }

    /** @param start given whether a node is still wanted; not cancelled */
    static Mono<TotemNode> of(Function<BooleanSupplier, Mono<TotemNode>> start) {
        return Mono.create(sink -> {
            Starting starting = new Starting(sink);
            sink.onCancel(starting::cancel);
            start.apply(() -> !starting.isCancelled).subscribe(starting::made, starting::failed);
        });
    }

    private void made(TotemNode node) {
        made = node;
        if (isCancelled) {
            leave(node);
        } else {
            handing = Thread.currentThread();
            sink.success(node);
        }
    }

    private void failed(Throwable cause) {
        if (isCancelled) {
            LOG.debug("a start that was cancelled failed", cause);
        } else {
            sink.error(cause);
        }
    }

    private void cancel() {
        if (Thread.currentThread() == handing) {
            // By who has just been given the node.
            return;
        }
        isCancelled = true;
        TotemNode node = made;
        if (node != null) {
            leave(node);
        }
    }

    private static void leave(TotemNode node) {
        node.leave().subscribe(nothing -> {}, cause -> LOG.debug("node {}: stopped while it left", node.id(), cause));
    }
}
