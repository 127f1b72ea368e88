/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import dev.totem.client.TotemClient;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.testkit.TestRing;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/** The Reactive Streams TCK for {@code deliveries()} of an attached handle, with a live executive. */
@Test
public class AttachedEventsTckIT extends PublisherVerification<Delivery> {

    private final TestRing ring = TestRing.of(1);
    private final Executives executives = new Executives();
    private final TotemClient client;

    public AttachedEventsTckIT() throws IOException {
        super(new TestEnvironment(2_000, 200));
        ring.awaitOneRing().block(Executives.SOON);
        executives.serve(ring.node(1), "one");
        client = executives.attach("one");
    }

    @AfterClass
    public void ends() throws IOException {
        executives.close();
        ring.close();
    }

    /** Each has a handle of its own, which is sent so many messages once it has begun, and then closes. */
    @Override
    public Publisher<Delivery> createPublisher(long elements) {
        EvsHandle handle = client.openHandle().block(Executives.SOON);
        String group = "g" + handle.id().handle();
        handle.join(group).block(Executives.SOON);
        Message message = Message.to(group).payload(new byte[10]);
        AtomicBoolean hasBegun = new AtomicBoolean();
        Flux<Message> messages = Flux.range(0, (int) Math.min(elements, 10_000)).map(i -> message);
        return handle.events()
                .doOnNext(event -> {
                    if (hasBegun.compareAndSet(false, true)) {
                        handle.sendAll(messages).then(handle.close()).subscribe(nothing -> {}, failed -> {});
                    }
                })
                .ofType(Delivery.class);
    }

    @Override
    public Publisher<Delivery> createFailedPublisher() {
        EvsHandle handle = client.openHandle().block(Executives.SOON);
        handle.close().block(Executives.SOON);
        return handle.deliveries();
    }

    @Override
    public long maxElementsFromPublisher() {
        return 10_000;
    }
}
