/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.internal.settings.NodeSettings;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;
import reactor.core.publisher.BaseSubscriber;

/** The Reactive Streams TCK for the subscriber by which {@code sendAll} takes messages, with a live node. */
@Test
public class SendAllSubscriberTckTest extends SubscriberWhiteboxVerification<Message> {

    private final LiveNode live = new LiveNode(NodeSettings.defaults());
    private final EvsHandle handle = live.node.openHandle();

    public SendAllSubscriberTckTest() {
        super(new TestEnvironment(2_000, 200));
        handle.join("g").block(LiveNode.LIMIT);
    }

    @AfterClass
    public void leaves() {
        live.close();
    }

    @Override
    public Message createElement(int element) {
        return Message.of(new byte[] {(byte) element});
    }

    @Override
    public Subscriber<Message> createSubscriber(WhiteboxSubscriberProbe<Message> probe) {
        AtomicReference<Subscriber<? super Message>> taken = new AtomicReference<>();
        Positions positions = new Positions();
        handle.sendAll(taken::set).subscribe(positions);
        return new Probed(taken.get(), positions, probe);
    }

    /** Requests positions when the probe says so. */
    private static final class Positions extends BaseSubscriber<Position> {

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnError(Throwable reason) {}
    }

    /** Tells the probe what the subscriber is told. */
    private record Probed(
            Subscriber<? super Message> subscriber, Positions positions, WhiteboxSubscriberProbe<Message> probe)
            implements Subscriber<Message> {

        @Override
        public void onSubscribe(Subscription subscription) {
            subscriber.onSubscribe(subscription);
            probe.registerOnSubscribe(new SubscriberPuppet() {
                @Override
                public void triggerRequest(long elements) {
                    positions.request(elements);
                }

                @Override
                public void signalCancel() {
                    positions.cancel();
                }
            });
        }

        @Override
        public void onNext(Message message) {
            subscriber.onNext(message);
            probe.registerOnNext(message);
        }

        @Override
        public void onError(Throwable reason) {
            subscriber.onError(reason);
            probe.registerOnError(reason);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
            probe.registerOnComplete();
        }
    }
}
