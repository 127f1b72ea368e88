/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.blocks.WorkItem;
import dev.totem.blocks.WorkQueue;
import dev.totem.core.SendFailedException;
import java.util.HashMap;
import java.util.Map;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** The workers of one process, one a queue, and the items they have. Lane only. */
final class WorkDesk {

    private final BlocksSession session;
    private final BlocksWriter out;
    private final Map<String, Worker> workers = new HashMap<>();
    private final Map<String, WorkItem<String>> items = new HashMap<>();

    WorkDesk(BlocksSession session, BlocksWriter out) {
        this.session = session;
        this.out = out;
    }

    /** Asks for so many items as they are said to want. */
    private final class Worker extends BaseSubscriber<WorkItem<String>> {

        private final String queue;

        Worker(String queue) {
            this.queue = queue;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(WorkItem<String> item) {
            session.onLane(() -> {
                items.put(key(queue, item.id()), item);
                out.item(item);
            });
        }

        @Override
        protected void hookOnError(Throwable failed) {
            session.onLane(() -> workers.remove(queue));
        }
    }

    private static String key(String queue, String item) {
        return item + " " + queue;
    }

    void work(WorkQueue<String> queues, String queue, long demand) {
        workers.computeIfAbsent(queue, first -> {
                    Worker worker = new Worker(queue);
                    queues.work(queue).subscribe(worker);
                    return worker;
                })
                .request(demand);
    }

    void ack(String queue, String id, BlocksSession.Call call) {
        WorkItem<String> item = items.remove(key(queue, id));
        if (item == null) {
            call.fail(SendFailedException.refused(
                    "item " + id + " of queue " + queue + " was not handed to this process, or is acknowledged"));
        } else {
            call.run(item.ack());
        }
    }
}
