/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchIT {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"multicast, totem none, jgroups none", "tcp, totem tcp none, jgroups tcp none"})
    void measuresOursAndAPeerSideBySide(String transport, String ours, String theirs) throws Exception {
        Path json = folder.resolve("bench.json");
        Path svg = folder.resolve("bench.svg");
        Totem.Run run = Totem.run(
                folder,
                Duration.ofMinutes(3),
                ("bench --peer jgroups --suite none --sizes 1000 --pairs 1 --seconds 1 --warmup 1 --transport "
                                + transport + " --json " + json + " --svg " + svg)
                        .split(" "));

        assertThat(run.status()).as(run.out() + run.err()).isZero();
        assertThat(run.out().lines().toList().get(2)).contains("1,000", ours).doesNotContain("failed");
        assertThat(run.out().lines().toList().get(3)).contains(theirs).doesNotContain("failed");
        assertThat(run.err()).contains("1000 B, 1 of 1: " + theirs + ": ");

        JsonNode match = new ObjectMapper().readTree(json.toFile()).at("/matches/0");
        assertThat(match.at("/ratios/msgs_s/median").asDouble()).isPositive();
        assertThat(match.at("/ours/runs/0/nodes")).hasSize(3);
        assertThat(match.at("/peer/runs/0/nodes/2/order").asText())
                .isEqualTo(match.at("/peer/runs/0/nodes/0/order").asText());
        assertThat(svg).content().contains(ours, theirs);
    }
}
