/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.DatagramLink;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.check.MessageId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One processor of the demo: sends, keeps its log, and tells when something has come true. Its state lives on its lane;
 * all methods on any thread.
 */
final class DemoProcessor {

    private static final String GROUP = "demo";

    private final NodeId id;
    private final Consumer<String> narrator;
    private final Scheduler lane;
    private final CompletableFuture<EvsHandle> handle = new CompletableFuture<>();
    private volatile @Nullable CuttableLink link;

    // lane only
    private final List<LogEvent> log = new ArrayList<>();
    private final List<Expectation> expectations = new ArrayList<>();
    private final View view = new View();
    private int counter;

    /** What this processor has seen so far; for predicates on its lane. */
    static final class View {
        private final List<String> order = new ArrayList<>();
        private List<NodeId> members = List.of();
        private int unconfirmed;

        /** The messages delivered, as {@code sender.counter}. */
        List<String> order() {
            return order;
        }

        /** The members of the regular configuration. */
        List<NodeId> members() {
            return members;
        }

        boolean isQuiet() {
            return unconfirmed == 0;
        }
    }

    private record Expectation(Predicate<View> holds, CompletableFuture<Void> met) {}

    DemoProcessor(int id, Consumer<String> narrator) {
        this.id = NodeId.of(id);
        this.narrator = narrator;
        this.lane = Schedulers.newSingle("demo-" + id, true);
    }

    NodeId id() {
        return id;
    }

    DatagramLink cuttable(DatagramLink real) {
        CuttableLink cuttable = new CuttableLink(real);
        link = cuttable;
        return cuttable;
    }

    void attach(TotemNode node) {
        EvsHandle opened = node.openHandle(lane);
        opened.events().subscribe(this::see, failed -> narrate("its events ended: " + failed.getMessage()));
        opened.join(GROUP).subscribe(nothing -> {}, failed -> narrate("cannot join: " + failed.getMessage()));
        handle.complete(opened);
    }

    void cut(boolean value) {
        CuttableLink cuttable = link;
        if (cuttable != null) {
            cuttable.cut(value);
        }
    }

    void send(int messages, Guarantee guarantee) {
        for (int i = 0; i < messages; i++) {
            lane.schedule(() -> sendOne(guarantee));
        }
    }

    /** Completes when the predicate holds, now or after an event to come. */
    CompletableFuture<Void> expect(Predicate<View> holds) {
        CompletableFuture<Void> met = new CompletableFuture<>();
        lane.schedule(() -> {
            expectations.add(new Expectation(holds, met));
            review();
        });
        return met;
    }

    /** The log up to now. */
    CompletableFuture<EvsLog> log() {
        CompletableFuture<EvsLog> copy = new CompletableFuture<>();
        lane.schedule(() -> copy.complete(new EvsLog(id, 0, log)));
        return copy;
    }

    private void sendOne(Guarantee guarantee) {
        MessageId mid = new MessageId(id, 0, 0, counter++);
        log.add(new LogEvent.Submit(mid, guarantee));
        view.unconfirmed++;
        byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(mid.counter()).array();
        Message message = new Message(Message.to(GROUP).groups(), guarantee, payload);
        handle.join()
                .send(message)
                .subscribe(
                        position -> {
                            log.add(new LogEvent.Sent(mid, position));
                            view.unconfirmed--;
                            review();
                        },
                        failed -> narrate("send failed: " + failed.getMessage()));
    }

    private void see(EvsEvent event) {
        if (event instanceof ConfigChange change) {
            log.add(LogEvent.Conf.of(change));
            if (change.isRegular()) {
                view.members = change.members();
            }
            narrate(ReadableEventWriter.describe(change));
        } else if (event instanceof Delivery delivery) {
            long count = delivery.payloadView().getLong();
            MessageId mid = new MessageId(delivery.sender(), 0, 0, count);
            log.add(new LogEvent.Deliver(mid, delivery.sender(), delivery.guarantee(), delivery.position()));
            view.order.add(delivery.sender() + "." + count);
        }
        review();
    }

    private void review() {
        for (Iterator<Expectation> each = expectations.iterator(); each.hasNext(); ) {
            Expectation expectation = each.next();
            if (expectation.holds().test(view)) {
                each.remove();
                expectation.met().complete(null);
            }
        }
    }

    private void narrate(String what) {
        narrator.accept("  node " + id + ": " + what);
    }
}
