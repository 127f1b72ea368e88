/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.node.crossing.FeedHandle;
import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.Test;

/** The Reactive Streams TCK for {@code configChanges()}. */
@Test
public class ConfigChangesTckTest extends PublisherVerification<ConfigChange> {

    private static final ConfigChange EVENT =
            ConfigChange.regular(new RingId(NodeId.of(1), 4), List.of(NodeId.of(1)), List.of());

    public ConfigChangesTckTest() {
        super(new TestEnvironment(2_000, 200));
    }

    @Override
    public Publisher<ConfigChange> createPublisher(long elements) {
        return new FeedHandle(EVENT, elements).configChanges();
    }

    @Override
    public Publisher<ConfigChange> createFailedPublisher() {
        return new FeedHandle(EVENT, -1).configChanges();
    }
}
