/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Settings;
import dev.totem.testkit.TestRing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A ring of two in memory, and handles of the kind under test. */
abstract class HandleFixture {

    static final Duration SOON = Duration.ofSeconds(20);
    static final Duration A_WHILE = Duration.ofMillis(300);
    static final Duration STALL = Duration.ofMillis(1_500);

    TestRing ring;

    /** A handle of the node with this number. */
    abstract EvsHandle open(int node, Scheduler scheduler) throws Exception;

    /** A handle with a name. */
    abstract EvsHandle openNamed(int node, String name) throws Exception;

    EvsHandle open(int node) throws Exception {
        return open(node, Schedulers.parallel());
    }

    EvsHandle joined(int node, String group) throws Exception {
        EvsHandle handle = open(node);
        handle.join(group).block(SOON);
        return handle;
    }

    @BeforeEach
    void formsARing() {
        ring = TestRing.of(
                2,
                settings -> settings.set(Settings.QUORUM, "majority:2")
                        .set(Settings.SUBSCRIBER_EVENTS, 64)
                        .set(Settings.WINDOW_SIZE, 32)
                        .set(Settings.STALL_LIMIT, STALL));
        ring.awaitOneRing().block(SOON);
    }

    @AfterEach
    void ends() {
        ring.close();
    }

    static Message text(String group, String text) {
        return Message.to(group).payload(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(Delivery delivery) {
        return new String(delivery.payload(), StandardCharsets.UTF_8);
    }

    /** What a handle is shown of this kind from now on, in a list that grows; the first event of all has come. */
    static <T extends EvsEvent> List<T> follow(EvsHandle handle, Class<T> kind) {
        List<T> seen = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        handle.events().doOnNext(first -> begun.countDown()).ofType(kind).subscribe(seen::add, failed -> {});
        try {
            assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        return seen;
    }

    static void await(java.util.function.BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(5))
                .takeUntil(tick -> condition.getAsBoolean())
                .blockLast(SOON);
    }
}
