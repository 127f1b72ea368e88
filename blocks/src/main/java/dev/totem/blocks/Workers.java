/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.QueueMachine.Handed;
import dev.totem.blocks.internal.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Operators;

/** The workers of one member. The replica's thread, but where it says otherwise. */
final class Workers<T> implements Host.Observer<QueueMachine> {

    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Host<QueueMachine, QueueCommand, QueueMachine.Result> host;
    private final Function<Handed, WorkItem<T>> items;
    private final Map<Long, Running<T>> running = new TreeMap<>();

    /** What this member has, by queue, position and attempt. */
    private final Set<Handed> owned = ConcurrentHashMap.newKeySet();

    private @Nullable QueueMachine current;
    private long lastNumber;

    private static final class Running<T> {

        private final String queue;
        private final FluxSink<WorkItem<T>> sink;
        private long number;
        private long wanted;
        private long told;
        private long got;
        private boolean isTelling;
        private boolean isKnown;

        Running(String queue, FluxSink<WorkItem<T>> sink) {
            this.queue = queue;
            this.sink = sink;
        }
    }

    Workers(Host<QueueMachine, QueueCommand, QueueMachine.Result> host, Function<Handed, WorkItem<T>> items) {
        this.host = host;
        this.items = items;
        host.observe(this);
        host.end()
                .subscribe(
                        nothing -> {},
                        stopped -> host.run(() -> all().forEach(one -> one.sink.error(stopped))),
                        () -> host.run(() -> all().forEach(one -> one.sink.complete())));
    }

    private List<Running<T>> all() {
        List<Running<T>> all = new ArrayList<>(running.values());
        running.clear();
        owned.clear();
        return all;
    }

    /** Any thread. */
    void start(String queue, FluxSink<WorkItem<T>> sink) {
        Running<T> worker = new Running<>(queue, sink);
        host.run(() -> begin(worker));
        sink.onRequest(more -> host.run(() -> {
            worker.wanted = Operators.addCap(worker.wanted, more);
            tell(worker);
        }));
        sink.onDispose(() -> host.run(() -> stop(worker)));
    }

    private void begin(Running<T> worker) {
        if (host.isOver()) {
            worker.sink.complete();
            return;
        }
        worker.number = ++lastNumber;
        worker.told = 0;
        worker.got = 0;
        worker.isKnown = false;
        running.put(worker.number, worker);
        host.keepLease(true);
    }

    private boolean isRunning(Running<T> worker) {
        return running.get(worker.number) == worker;
    }

    /** Says how much it wants, until that is in the order; the total, so that saying it twice does not count twice. */
    private void tell(Running<T> worker) {
        if (worker.isTelling || worker.told == worker.wanted || !isRunning(worker)) {
            return;
        }
        worker.isTelling = true;
        long number = worker.number;
        long total = worker.wanted;
        host.submit(new QueueCommand.Demand(worker.queue, number, total))
                .subscribe(
                        done -> {
                            worker.isTelling = false;
                            if (number == worker.number) {
                                worker.told = total;
                                worker.isKnown = true;
                            }
                            tell(worker);
                        },
                        failed -> host.later(AGAIN.toNanos(), () -> {
                            worker.isTelling = false;
                            tell(worker);
                        }));
    }

    private void stop(Running<T> worker) {
        if (running.remove(worker.number, worker)) {
            submitUntilDone(new QueueCommand.Stop(worker.queue, worker.number));
        }
        host.keepLease(!running.isEmpty() || !owned.isEmpty());
    }

    private void submitUntilDone(QueueCommand command) {
        if (!host.isOver()) {
            host.submit(command)
                    .subscribe(done -> {}, failed -> host.later(AGAIN.toNanos(), () -> submitUntilDone(command)));
        }
    }

    // what the order says

    @Override
    public void applied(QueueMachine machine) {
        boolean isAnother = current != machine;
        current = machine;
        List<Handed> handed = machine.takeHanded();
        if (isAnother) {
            List<Handed> mine = machine.handedTo(host.member());
            owned.retainAll(Set.copyOf(mine));
            mine.stream().filter(one -> !owned.contains(one)).forEach(this::take);
        } else {
            handed.stream()
                    .filter(one -> one.worker().member().equals(host.member()))
                    .forEach(this::take);
        }
        for (Running<T> worker : List.copyOf(running.values())) {
            if (worker.isKnown
                    && !machine.hasWorker(worker.queue, new QueueMachine.Worker(host.member(), worker.number))) {
                beginAgain(worker);
            }
        }
    }

    /** The others had taken this member for gone: what it had is theirs. */
    private void beginAgain(Running<T> worker) {
        owned.clear();
        running.remove(worker.number);
        worker.wanted = worker.wanted == Long.MAX_VALUE ? Long.MAX_VALUE : worker.wanted - worker.got;
        begin(worker);
        tell(worker);
    }

    private void take(Handed handed) {
        Running<T> worker = running.get(handed.worker().number());
        if (worker == null) {
            giveBack(handed);
            return;
        }
        WorkItem<T> item;
        try {
            item = items.apply(handed);
        } catch (RuntimeException undecodable) {
            giveBack(handed);
            worker.sink.error(undecodable);
            return;
        }
        owned.add(handed);
        worker.got++;
        worker.sink.next(item);
    }

    private void giveBack(Handed handed) {
        submitUntilDone(new QueueCommand.Done(
                handed.queue(), handed.item().id(), handed.item().attempt(), true));
    }

    @Override
    public void status(StateStatus now) {}

    // what is asked of items; any thread

    boolean has(Handed handed) {
        return owned.contains(handed);
    }

    void forget(Handed handed) {
        owned.remove(handed);
    }
}
