/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Replication;
import dev.totem.core.Statistics;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.PlainSeal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running node has all {@link Statistics}, of which the table in {@code docs/OPERATION.md} is made, and no others. */
class StatisticsDocIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path state;

    private Set<String> namesOfANode(UnaryOperator<UdpTotem> more) {
        TotemNode node = more.apply(UdpTotem.create()
                        .nodeId(1)
                        .bind("127.0.0.1", 0)
                        .multicast("239.192.7.7", 15_407)
                        .seal(PlainSeal.create())
                        .stateDirectory(state))
                .start()
                .block(LIMIT);
        Set<String> names = node.stats().byName().keySet();
        node.leave().block(LIMIT);
        return names;
    }

    @Test
    void onTwoNetworksANodeHasThemAll() {
        Set<String> names = namesOfANode(node -> node.redundant(
                Replication.PASSIVE, Network.bound("127.0.0.1", 0).multicast("239.192.7.8", 15_408)));

        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(Statistics.all().stream()
                        .map(statistic -> statistic.name())
                        .toList());
    }

    @Test
    void onOneNetworkAllButThoseOfSeveral() {
        Set<String> all = namesOfANode(node -> node);

        assertThat(Statistics.all())
                .filteredOn(statistic -> !all.contains(statistic.name()))
                .containsExactly(
                        Statistics.LINK_NETWORKS,
                        Statistics.LINK_NETWORKS_FAULTY,
                        Statistics.LINK_NETWORK_FAULTS,
                        Statistics.LINK_FRAMES_COPIED);
    }
}
