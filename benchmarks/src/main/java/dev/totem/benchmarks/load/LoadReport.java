/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * What one processor measured, with the names of its JSON line. Immutable, any thread.
 *
 * @param messagesPerSecond delivered in the window
 * @param megabytesPerSecond payload delivered in the window, 10^6 bytes
 * @param cpuSeconds of this process in the window
 * @param p50Micros latency from send to own delivery in the window; null when this processor sent nothing
 * @param total messages delivered over the whole run
 * @param order {@link OrderHash} over the whole run
 */
@JsonPropertyOrder({
    "node", "members", "size", "msgs_s", "MB_s", "cpu_s", "p50_us", "p99_us", "p999_us", "total", "order"
})
public record LoadReport(
        @JsonProperty("node") int node,
        @JsonProperty("members") int members,
        @JsonProperty("size") int sizeBytes,
        @JsonProperty("msgs_s") double messagesPerSecond,
        @JsonProperty("MB_s") double megabytesPerSecond,
        @JsonProperty("cpu_s") double cpuSeconds,
        @JsonProperty("p50_us") @Nullable Double p50Micros,
        @JsonProperty("p99_us") @Nullable Double p99Micros,
        @JsonProperty("p999_us") @Nullable Double p999Micros,
        @JsonProperty("total") long total,
        @JsonProperty("order") String order) {}
