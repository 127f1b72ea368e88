/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsEvent;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.node.crossing.FeedHandle;
import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.Test;

/** The Reactive Streams TCK for {@code events()}. */
@Test
public class EventStreamTckTest extends PublisherVerification<EvsEvent> {

    private static final EvsEvent EVENT =
            ConfigChange.regular(new RingId(NodeId.of(1), 4), List.of(NodeId.of(1)), List.of());

    public EventStreamTckTest() {
        super(new TestEnvironment(2_000, 200));
    }

    @Override
    public Publisher<EvsEvent> createPublisher(long elements) {
        return new FeedHandle(EVENT, elements).events();
    }

    @Override
    public Publisher<EvsEvent> createFailedPublisher() {
        return new FeedHandle(EVENT, -1).events();
    }
}
