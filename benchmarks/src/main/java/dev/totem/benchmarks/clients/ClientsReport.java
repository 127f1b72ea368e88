/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.clients;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.totem.benchmarks.bench.Median;
import dev.totem.benchmarks.load.LoadReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was measured of attached clients; null what was not. Immutable, any thread. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClientsReport(
        @JsonProperty("throughput") @Nullable Beside throughput,
        @JsonProperty("latency") @Nullable Beside latency,
        @JsonProperty("crowd") @Nullable Crowd crowd,
        @JsonProperty("kill") @Nullable KilledExecutive killed) {

    /** Whether every client saw what it had to, and no send was lost or doubled. */
    public boolean isWhole() {
        return (crowd == null || crowd.isWhole()) && (killed == null || killed.isWhole());
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (throughput != null) {
            lines.add(said(
                    "one client at %,d B: attached %,.0f messages/s, embedded %,.0f; ratio %.2f (%s)",
                    throughput.work().sizeBytes(),
                    Beside.median(throughput.attached(), LoadReport::messagesPerSecond),
                    Beside.median(throughput.embedded(), LoadReport::messagesPerSecond),
                    Median.of(throughput.throughputRatios()),
                    all(throughput.throughputRatios(), "%.2f")));
        }
        if (latency != null) {
            lines.add(said(
                    "p50 of a send at %,d messages/s: attached takes %.3f ms more than embedded (%s)",
                    latency.work().rate(), Median.of(latency.addedMillis()), all(latency.addedMillis(), "%.3f")));
        }
        if (crowd != null) {
            lines.addAll(ofCrowd(crowd));
        }
        if (killed != null) {
            lines.addAll(ofKill(killed));
        }
        return lines;
    }

    private static List<String> ofCrowd(Crowd crowd) {
        return List.of(
                said(
                        "%,d clients of %d executives, in their groups within %.1f s: a message to all reached %,d of them, the last after %.0f ms",
                        crowd.clients(),
                        crowd.executives(),
                        crowd.attachSeconds(),
                        crowd.reached(),
                        crowd.reachMillis()),
                said(
                        "memory of a client at its executive: heap %.1f KB, beside it %.1f KB; the process grew by %.1f KB a client",
                        crowd.heapBytesAClient() / 1e3,
                        crowd.directBytesAClient() / 1e3,
                        crowd.residentBytesAClient() / 1e3),
                said(
                        "cores in use at the executives while nobody sends: %s; without clients %s",
                        all(crowd.idleCores(), "%.3f"), all(crowd.idleCoresBefore(), "%.3f")));
    }

    private static List<String> ofKill(KilledExecutive killed) {
        return List.of(
                said(
                        "kill -9 of an executive under the load of %d clients: its own went on at others after %s ms",
                        killed.clients(), all(killed.goesOnMillis(), "%.0f")),
                said(
                        "of %,d acknowledged sends %d lost, %d messages doubled; %d sends unknown, %d refused, of which %d were seen",
                        killed.acknowledged(),
                        killed.lost(),
                        killed.doubled(),
                        killed.unknown(),
                        killed.refused(),
                        killed.denied()));
    }

    private static String said(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }

    private static String all(List<Double> values, String format) {
        return values.stream().map(value -> said(format, value)).collect(Collectors.joining(" "));
    }
}
