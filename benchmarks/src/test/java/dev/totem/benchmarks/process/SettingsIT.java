/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeStats;
import dev.totem.core.Statistics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes with different settings. */
class SettingsIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    @Test
    void aMessageThatOneMemberWouldNotTakeIsRefusedAndBothSidesNameTheSetting() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 2, 192)) {
            NodeProcess large = cluster.startWith(1, List.of("max-message-size=4194304"));
            NodeProcess usual = cluster.start(2);
            cluster.awaitRing(FORMS, 1, 2);

            large.send("2MiB", new byte[2 << 20], "safe");
            large.send("1MiB", new byte[1 << 20], "safe");
            large.await("a refusal", SOON, log -> log.failed.contains("2MiB"));
            large.await("a delivery", SOON, log -> log.sent.contains("1MiB"));
            usual.await("the same", SOON, log -> log.delivered.size() == 1);
            large.flush();

            assertThat(Files.readString(large.logFile())).contains("above max-message-size 1048576 of node 2");
            assertThat(usual.delivered()).isEqualTo(large.delivered());
            assertThat(large.stderr()).contains("setting max-message-size is 4194304 here and 1048576 at node 2");
            assertThat(usual.stderr()).contains("setting max-message-size is 1048576 here and 4194304 at node 1");
            for (NodeProcess node : cluster.nodes()) {
                NodeStats stats = node.stats(SOON);
                assertThat(stats.get(Statistics.SETTINGS_DIFFERING)).isEqualTo(1);
                assertThat(stats.get(Statistics.RING_MESSAGE_SIZE_MAX)).isEqualTo(1 << 20);
            }
            cluster.quitAndCheck();
        }
    }
}
