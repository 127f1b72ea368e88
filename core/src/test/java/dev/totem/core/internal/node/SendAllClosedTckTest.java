/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.internal.settings.NodeSettings;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/** The Reactive Streams TCK for {@code sendAll} of a handle that is closed when it is subscribed. */
@Test
public class SendAllClosedTckTest extends PublisherVerification<Position> {

    private final LiveNode live = new LiveNode(NodeSettings.defaults());
    private final EvsHandle handle = live.node.openHandle();
    private final EvsHandle closed = live.node.openHandle();

    public SendAllClosedTckTest() {
        super(new TestEnvironment(2_000, 200));
        handle.join("g").block(LiveNode.LIMIT);
        closed.close().block(LiveNode.LIMIT);
    }

    @AfterClass
    public void leaves() {
        live.close();
    }

    @Override
    public Publisher<Position> createPublisher(long elements) {
        return handle.sendAll(Flux.range(0, (int) elements).map(i -> Message.of(new byte[10])));
    }

    @Override
    public Publisher<Position> createFailedPublisher() {
        return closed.sendAll(Flux.never());
    }

    @Override
    public long maxElementsFromPublisher() {
        return Integer.MAX_VALUE;
    }
}
