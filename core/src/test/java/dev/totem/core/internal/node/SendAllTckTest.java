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

/** The Reactive Streams TCK for the positions that {@code sendAll} emits, with a live node. */
@Test
public class SendAllTckTest extends PublisherVerification<Position> {

    private final LiveNode live = new LiveNode(NodeSettings.defaults());
    private final EvsHandle handle = live.node.openHandle();

    public SendAllTckTest() {
        super(new TestEnvironment(2_000, 200));
        handle.join("g").block(LiveNode.LIMIT);
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
        return handle.sendAll(Flux.error(new IllegalStateException("failed on purpose")));
    }

    @Override
    public long maxElementsFromPublisher() {
        return Integer.MAX_VALUE;
    }
}
