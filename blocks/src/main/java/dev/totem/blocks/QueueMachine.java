/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.internal.Chunks;
import dev.totem.blocks.internal.Reader;
import dev.totem.blocks.internal.Writer;
import dev.totem.core.Position;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import reactor.core.publisher.Flux;

/** Queues by name: their items, in the order in which they were put, and their workers, who take turns. One thread. */
final class QueueMachine implements StateMachine<QueueCommand, QueueMachine.Result> {

    private static final int ITEM = 1;
    private static final int WORKER = 2;

    private final Map<String, Queue> queues = new TreeMap<>();
    private final Chunks restored = new Chunks();
    private List<Handed> handed = new ArrayList<>();

    /** @param isTaken whether the command had an effect */
    record Result(Position position, boolean isTaken) {}

    record Worker(Member member, long number) {}

    /** @param attempt how often it was handed to somebody */
    record Item(Position id, byte[] value, int attempt) {}

    /** An item and who has it; the same if it is that item and attempt. */
    record Handed(String queue, Item item, Worker worker) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Handed same
                    && queue.equals(same.queue)
                    && worker.equals(same.worker)
                    && item.attempt() == same.item.attempt()
                    && item.id().equals(same.item.id());
        }

        @Override
        public int hashCode() {
            return 31 * item.id().hashCode() + item.attempt();
        }
    }

    private static final class Queue {

        private final TreeMap<Position, Item> ready = new TreeMap<>();
        private final TreeMap<Position, Handed> handed = new TreeMap<>();

        /** How many items each wants still; whoever got one goes to the end. */
        private final LinkedHashMap<Worker, Demand> workers = new LinkedHashMap<>();

        boolean isEmpty() {
            return ready.isEmpty() && handed.isEmpty() && workers.isEmpty();
        }
    }

    private record Demand(long total, long got) {}

    @Override
    public Result apply(Context at, QueueCommand command) {
        Queue queue = queues.computeIfAbsent(command.queue(), first -> new Queue());
        boolean isTaken = true;
        if (command instanceof QueueCommand.Put put) {
            queue.ready.put(at.position(), new Item(at.position(), put.value(), 0));
        } else if (command instanceof QueueCommand.Demand demand) {
            queue.workers.merge(
                    new Worker(at.sender(), demand.worker()),
                    new Demand(demand.total(), 0),
                    (known, next) -> new Demand(Math.max(known.total(), next.total()), known.got()));
        } else if (command instanceof QueueCommand.Stop stop) {
            isTaken = queue.workers.remove(new Worker(at.sender(), stop.worker())) != null;
        } else if (command instanceof QueueCommand.Done done) {
            isTaken = done(queue, at.sender(), done);
        }
        hand(command.queue(), queue);
        return new Result(at.position(), isTaken);
    }

    @Override
    public byte[] evidence(Result result) {
        return new byte[] {(byte) (result.isTaken() ? 1 : 0)};
    }

    private static boolean done(Queue queue, Member sender, QueueCommand.Done done) {
        Handed known = queue.handed.get(done.item());
        if (known == null
                || known.item().attempt() != done.attempt()
                || !known.worker().member().equals(sender)) {
            return false;
        }
        queue.handed.remove(done.item());
        if (done.isAgain()) {
            queue.ready.put(done.item(), known.item());
        }
        return true;
    }

    @Override
    public void ended(Context at, Member member) {
        for (Map.Entry<String, Queue> entry : List.copyOf(queues.entrySet())) {
            Queue queue = entry.getValue();
            queue.workers.keySet().removeIf(worker -> worker.member().equals(member));
            for (Handed gone : List.copyOf(queue.handed.values())) {
                if (gone.worker().member().equals(member)) {
                    queue.handed.remove(gone.item().id());
                    queue.ready.put(gone.item().id(), gone.item());
                }
            }
            hand(entry.getKey(), queue);
        }
    }

    private void hand(String name, Queue queue) {
        while (!queue.ready.isEmpty()) {
            Optional<Worker> wanting = queue.workers.entrySet().stream()
                    .filter(worker ->
                            worker.getValue().got() < worker.getValue().total())
                    .map(Map.Entry::getKey)
                    .findFirst();
            if (wanting.isEmpty()) {
                return;
            }
            Worker next = wanting.get();
            Demand demand = requireNonNull(queue.workers.remove(next));
            queue.workers.put(next, new Demand(demand.total(), demand.got() + 1));
            Item item = queue.ready.pollFirstEntry().getValue();
            Handed given = new Handed(name, new Item(item.id(), item.value(), item.attempt() + 1), next);
            queue.handed.put(item.id(), given);
            handed.add(given);
        }
        if (queue.isEmpty()) {
            queues.remove(name);
        }
    }

    // what is looked at

    /** What was handed to somebody since this was asked last. */
    List<Handed> takeHanded() {
        List<Handed> taken = handed;
        handed = new ArrayList<>();
        return taken;
    }

    /** All that the workers of a member have. */
    List<Handed> handedTo(Member member) {
        List<Handed> all = new ArrayList<>();
        for (Queue queue : queues.values()) {
            queue.handed.values().stream()
                    .filter(given -> given.worker().member().equals(member))
                    .forEach(all::add);
        }
        return all;
    }

    boolean hasWorker(String name, Worker worker) {
        Queue queue = queues.get(name);
        return queue != null && queue.workers.containsKey(worker);
    }

    /** Items that nobody has, and that somebody has. */
    int size(String name) {
        Queue queue = queues.get(name);
        return queue == null ? 0 : queue.ready.size() + queue.handed.size();
    }

    // transfer

    @Override
    public Flux<byte[]> snapshot() {
        List<byte[]> records = new ArrayList<>();
        queues.forEach((name, queue) -> {
            queue.ready
                    .values()
                    .forEach(item -> records.add(item(name, item).bool(false).toBytes()));
            queue.handed
                    .values()
                    .forEach(given -> records.add(item(name, given.item())
                            .bool(true)
                            .member(given.worker().member())
                            .i64(given.worker().number())
                            .toBytes()));
            queue.workers.forEach((worker, demand) -> records.add(new Writer()
                    .u8(WORKER)
                    .text(name)
                    .member(worker.member())
                    .i64(worker.number())
                    .i64(demand.total())
                    .i64(demand.got())
                    .toBytes()));
        });
        return Chunks.of(records);
    }

    private static Writer item(String name, Item item) {
        return new Writer()
                .u8(ITEM)
                .text(name)
                .position(item.id())
                .bytes(item.value())
                .i32(item.attempt());
    }

    @Override
    public void restore(byte[] chunk) {
        Iterator<byte[]> records = restored.add(chunk).iterator();
        while (records.hasNext()) {
            Reader in = new Reader(records.next());
            boolean isItem = in.u8() == ITEM;
            String name = in.text();
            Queue queue = queues.computeIfAbsent(name, first -> new Queue());
            if (isItem) {
                Item item = new Item(in.position(), in.bytes(), in.i32());
                if (in.bool()) {
                    queue.handed.put(item.id(), new Handed(name, item, new Worker(in.member(), in.i64())));
                } else {
                    queue.ready.put(item.id(), item);
                }
            } else {
                queue.workers.put(new Worker(in.member(), in.i64()), new Demand(in.i64(), in.i64()));
            }
        }
    }
}
