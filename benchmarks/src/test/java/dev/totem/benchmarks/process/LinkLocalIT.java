/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Link-local IPv6 addresses, of which the index of the interface is a part. */
@Tag("D4")
class LinkLocalIT {

    private static final Duration FORMS = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @ParameterizedTest(name = "multicast {0}")
    @ValueSource(booleans = {true, false})
    void aNodeWhoseInterfaceComesBackAsAnotherOneComesBackToo(boolean multicast) throws Exception {
        Optional<String> obstacle = NetLab.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        try (NetLab lab = NetLab.of(3)) {
            lab.addLinkLocals();
            try (Cluster cluster = Cluster.onLinkLocals(folder, lab, 3, multicast)) {
                for (int id = 1; id <= 3; id++) {
                    cluster.start(id);
                }
                cluster.awaitRing(FORMS, 1, 2, 3);

                int configs = cluster.node(3).configs().size();
                lab.replaceInterface(3);
                long replacedAtNanos = System.nanoTime();

                cluster.node(3)
                        .await(
                                "a ring of all, after others",
                                FORMS,
                                log -> log.configs.size() > configs
                                        && log.ring().size() == 3);
                cluster.awaitRing(FORMS, 1, 2, 3);
                Totem.say("one ring again " + (System.nanoTime() - replacedAtNanos) / 1_000_000
                        + " ms after the interface was replaced");
                cluster.quitAndCheck();
            }
        }
    }
}
