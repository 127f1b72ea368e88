/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.internal.settings.NodeSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** The first signal of {@code sendAll} is {@code onSubscribe}, whatever the handle and upstream do (rule 1.9). */
class SendAllStartTest {

    private final LiveNode live = new LiveNode(NodeSettings.defaults());

    @AfterEach
    void leaves() {
        live.close();
    }

    /** Takes its time over {@code onSubscribe}, and notes the order of the signals. */
    private static final class Order implements Subscriber<Position> {

        final List<String> signals = Collections.synchronizedList(new ArrayList<>());
        final AtomicReference<Throwable> reason = new AtomicReference<>();
        final CountDownLatch end = new CountDownLatch(1);
        private final Runnable whileSubscribing;

        Order(Runnable whileSubscribing) {
            this.whileSubscribing = whileSubscribing;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
            whileSubscribing.run();
            signals.add("onSubscribe");
        }

        @Override
        public void onNext(Position position) {
            signals.add("onNext");
        }

        @Override
        public void onError(Throwable failure) {
            reason.set(failure);
            signals.add("onError");
            end.countDown();
        }

        @Override
        public void onComplete() {
            signals.add("onComplete");
            end.countDown();
        }

        boolean hasEnded() throws InterruptedException {
            return end.await(LiveNode.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** What the handle's lane and the loop have been given by now is done when this returns. */
    private static void settle(EvsHandle handle) {
        handle.send(Message.to("x")).onErrorComplete().block(LiveNode.LIMIT);
        handle.send(Message.to("x")).onErrorComplete().block(LiveNode.LIMIT);
    }

    @Test
    void aClosedHandleFailsItOnlyAfterOnSubscribeHasReturned() throws InterruptedException {
        EvsHandle handle = live.node.openHandle();
        handle.close().block(LiveNode.LIMIT);
        Order order = new Order(() -> settle(handle));

        handle.sendAll(Flux.never()).subscribe(order);

        assertThat(order.hasEnded()).isTrue();
        assertThat(order.signals).containsExactly("onSubscribe", "onError");
        assertThat(order.reason.get()).isInstanceOf(SendFailedException.class);
    }

    @Test
    void aRefusedMessageFailsItOnlyAfterOnSubscribeHasReturned() throws InterruptedException {
        EvsHandle handle = live.node.openHandle();
        Order order = new Order(() -> settle(handle));

        handle.sendAll(Flux.just(Message.of(new byte[1]))).subscribe(order);

        assertThat(order.hasEnded()).isTrue();
        assertThat(order.signals).containsExactly("onSubscribe", "onError");
    }

    @Test
    void aHandleThatClosesMeanwhileFailsItAfterOnSubscribe() throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            EvsHandle handle = live.node.openHandle();
            Order order = new Order(() -> {});

            handle.close().subscribe();
            handle.sendAll(Flux.never()).subscribe(order);

            assertThat(order.hasEnded()).isTrue();
            assertThat(order.signals).containsExactly("onSubscribe", "onError");
        }
    }

    @Test
    void aPublisherThatSignalsWithoutASubscriptionGetsItsSubscriberOne() throws InterruptedException {
        EvsHandle handle = live.node.openHandle();
        Publisher<Message> fails = subscriber -> subscriber.onError(new IllegalStateException("no subscription"));
        Publisher<Message> completes = Subscriber::onComplete;
        Publisher<Message> emits = subscriber -> subscriber.onNext(Message.of(new byte[1]));
        Publisher<Message> throwing = subscriber -> {
            throw new IllegalStateException("refuses to be subscribed");
        };

        assertThat(signals(handle, fails)).containsExactly("onSubscribe", "onError");
        assertThat(signals(handle, completes)).containsExactly("onSubscribe", "onComplete");
        assertThat(signals(handle, emits)).containsExactly("onSubscribe", "onError");
        assertThat(signals(handle, throwing)).containsExactly("onSubscribe", "onError");
    }

    @Test
    void aPublisherThatEmitsNullIsToldAndEndsTheStream() throws InterruptedException {
        EvsHandle handle = live.node.openHandle();
        Order order = new Order(() -> {});
        AtomicReference<Subscriber<? super Message>> taken = new AtomicReference<>();
        handle.sendAll(taken::set).subscribe(order);
        taken.get().onSubscribe(Operators.emptySubscription());

        assertThatNullPointerException().isThrownBy(() -> taken.get().onNext(null));

        assertThat(order.hasEnded()).isTrue();
        assertThat(order.reason.get()).isInstanceOf(NullPointerException.class);
        handle.join("g").block(LiveNode.LIMIT);
    }

    private static List<String> signals(EvsHandle handle, Publisher<Message> upstream) throws InterruptedException {
        Order order = new Order(() -> {});
        handle.sendAll(upstream).subscribe(order);
        assertThat(order.hasEnded()).isTrue();
        return order.signals;
    }
}
