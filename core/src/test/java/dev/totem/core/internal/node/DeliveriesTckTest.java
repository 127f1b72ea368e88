/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.Delivery;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.internal.node.crossing.FeedHandle;
import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.Test;

/** The Reactive Streams TCK for {@code deliveries()}. */
@Test
public class DeliveriesTckTest extends PublisherVerification<Delivery> {

    private static final Delivery EVENT = new Delivery(
            NodeId.of(1),
            List.of(GroupName.of("g")),
            Guarantee.AGREED,
            new Position(new RingId(NodeId.of(1), 4), 1, 0),
            new byte[10]);

    public DeliveriesTckTest() {
        super(new TestEnvironment(2_000, 200));
    }

    @Override
    public Publisher<Delivery> createPublisher(long elements) {
        return new FeedHandle(EVENT, elements).deliveries();
    }

    @Override
    public Publisher<Delivery> createFailedPublisher() {
        return new FeedHandle(EVENT, -1).deliveries();
    }
}
