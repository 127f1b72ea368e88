/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

class WorkQueueTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private static OnNodes<WorkQueue<String>> queues(Simulation sim) {
        OnNodes<WorkQueue<String>> queues = new OnNodes<>(
                sim, WorkQueue.of("queues", Quorum.majority(3), Codec.utf8()).lease(Duration.ofSeconds(1)));
        queues.awaitInState(3);
        return queues;
    }

    /** Asks only when it is told to. */
    private static final class Worker extends BaseSubscriber<WorkItem<String>> {

        private final List<WorkItem<String>> items = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(WorkItem<String> item) {
            items.add(item);
        }

        List<String> values() {
            return items.stream()
                    .map(item -> item.value() + "/" + item.attempt())
                    .toList();
        }
    }

    private static Worker worker(OnNodes<WorkQueue<String>> queues, int id, long demand) {
        Worker worker = new Worker();
        queues.on(id).work("jobs").subscribe(worker);
        worker.request(demand);
        return worker;
    }

    private static void enqueue(OnNodes<WorkQueue<String>> queues, String... values) {
        for (String value : values) {
            queues.await(queues.on(1).enqueue("jobs", value));
        }
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void handsEachItemToOneWorkerInOrderAsTheyAsk(Simulation sim) {
        OnNodes<WorkQueue<String>> queues = queues(sim);
        enqueue(queues, "a", "b", "c", "d", "e");
        Worker one = worker(queues, 2, 2);
        sim.run(SHORT);
        Worker other = worker(queues, 3, 1);
        sim.run(SHORT);
        assertThat(one.values()).containsExactly("a/1", "b/1");
        assertThat(other.values()).containsExactly("c/1");
        assertThat(queues.await(queues.on(1).size("jobs"))).isEqualTo(5);
        assertThat(one.items.get(0).isOwned()).isTrue();
        assertThat(one.items.get(0).id()).isLessThan(one.items.get(1).id());

        sim.await(one.items.get(0).ack(), SHORT);
        assertThat(one.items.get(0).isOwned()).isFalse();
        other.request(10);
        sim.run(SHORT);
        assertThat(other.values()).containsExactly("c/1", "d/1", "e/1");
        assertThat(queues.await(queues.on(1).size("jobs"))).isEqualTo(4);
        enqueue(queues, "f");
        sim.run(SHORT);
        assertThat(other.values()).endsWith("f/1");
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whatACrashedWorkerHadGoesToTheNextWithItsAttempts(Simulation sim) {
        OnNodes<WorkQueue<String>> queues = queues(sim);
        Worker crashed = worker(queues, 3, 10);
        enqueue(queues, "a", "b", "c");
        sim.run(SHORT);
        assertThat(crashed.values()).containsExactly("a/1", "b/1", "c/1");
        sim.await(crashed.items.get(0).ack(), SHORT);
        sim.crash(3);
        Worker next = worker(queues, 2, 10);
        sim.run(Duration.ofSeconds(4));
        assertThat(next.values()).containsExactly("b/2", "c/2");
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whatAWorkerHadThatWasCutOffIsNotItsAnyMore(Simulation sim) {
        OnNodes<WorkQueue<String>> queues = queues(sim);
        Worker cut = worker(queues, 1, 10);
        enqueue(queues, "a");
        sim.run(SHORT);
        Worker next = worker(queues, 2, 10);
        sim.run(SHORT);
        sim.partition(1);
        sim.runUntil(() -> !next.items.isEmpty(), Duration.ofSeconds(5));
        assertThat(cut.items.get(0).isOwned()).isFalse();
        sim.settle();
        queues.awaitInState(3);

        assertThatThrownBy(() -> sim.await(cut.items.get(0).ack(), OnNodes.LIMIT))
                .isInstanceOf(SendFailedException.class)
                .hasMessageContaining("is not this worker's any more");
        sim.await(next.items.get(0).ack(), OnNodes.LIMIT);
        next.cancel();
        sim.run(SHORT);
        enqueue(queues, "b");
        sim.run(SHORT);
        assertThat(cut.values()).containsExactly("a/1", "b/1");
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whatIsGivenBackComesBeforeWhatWasPutLater(Simulation sim) {
        OnNodes<WorkQueue<String>> queues = queues(sim);
        enqueue(queues, "a", "b", "c");
        Worker one = worker(queues, 2, 1);
        sim.run(SHORT);
        Worker other = worker(queues, 3, 1);
        sim.run(SHORT);
        sim.await(one.items.get(0).giveBack(), SHORT);
        one.cancel();
        other.request(1);
        sim.run(SHORT);
        assertThat(other.values()).containsExactly("b/1", "a/2");
    }
}
