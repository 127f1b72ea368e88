/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientsBenchIT {

    @TempDir
    Path folder;

    @Test
    void measuresAttachedClientsAndWhatAKillDoesToThem() throws Exception {
        Path json = folder.resolve("clients.json");
        Totem.Run run = Totem.run(
                folder,
                Duration.ofMinutes(3),
                ("bench --clients=9 --suite none --pairs 1 --seconds 1 --warmup 1 --json " + json).split(" "));

        assertThat(run.status()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains("one client at 1,000 B: attached ", "p50 of a send at 200 messages/s", "9 clients of 3 executives")
                .contains("reached 9 of them", " 0 lost, 0 messages doubled");
        JsonNode clients = new ObjectMapper().readTree(json.toFile()).path("clients");
        assertThat(clients.at("/throughput/attached/0/msgs_s").asDouble()).isPositive();
        assertThat(clients.at("/latency/embedded/0/p50_us").asDouble()).isPositive();
        assertThat(clients.at("/crowd/idle_cores")).hasSize(3);
        assertThat(clients.at("/kill/goes_on_ms")).hasSize(4);
        assertThat(clients.at("/kill/acknowledged").asInt()).isGreaterThan(100);
    }
}
