/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.testkit.TestRing;
import java.io.IOException;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/** The Reactive Streams TCK for the positions that {@code sendAll} of an attached handle emits, with a live executive. */
@Test
public class AttachedSendAllTckIT extends PublisherVerification<Position> {

    private final TestRing ring = TestRing.of(1);
    private final Executives executives = new Executives();
    private final EvsHandle handle;

    public AttachedSendAllTckIT() throws IOException {
        super(new TestEnvironment(2_000, 200));
        ring.awaitOneRing().block(Executives.SOON);
        executives.serve(ring.node(1), "one");
        handle = executives.attach("one").openHandle().block(Executives.SOON);
        handle.join("g").block(Executives.SOON);
    }

    @AfterClass
    public void ends() throws IOException {
        executives.close();
        ring.close();
    }

    @Override
    public Publisher<Position> createPublisher(long elements) {
        return handle.sendAll(Flux.range(0, (int) elements).map(i -> Message.of(new byte[10])));
    }

    @Override
    public Publisher<Position> createFailedPublisher() {
        return handle.sendAll(Flux.error(new IllegalStateException("failed on purpose")));
    }

    @Override
    public long maxElementsFromPublisher() {
        return 100_000;
    }
}
