/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.totem.benchmarks.load.LoadReport;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended: with figures, or with what went wrong. Immutable, any thread.
 *
 * @param figures of the whole cluster; null if the run failed
 * @param failure one line; null if it did not fail
 * @param nodes what each node reported
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Outcome(
        @JsonProperty("figures") @Nullable Figures figures,
        @JsonProperty("failure") @Nullable String failure,
        @JsonProperty("nodes") List<LoadReport> nodes) {

    static Outcome failed(String why) {
        return new Outcome(null, why, List.of());
    }

    /** Figures if all nodes delivered the same messages in the same order, a failure otherwise. */
    static Outcome of(List<LoadReport> reports, double seconds) {
        Optional<String> disagreement = disagreement(reports);
        return disagreement.isPresent()
                ? new Outcome(null, disagreement.get(), reports)
                : new Outcome(Figures.of(reports, seconds), null, reports);
    }

    private static Optional<String> disagreement(List<LoadReport> reports) {
        LoadReport first = reports.get(0);
        for (LoadReport other : reports) {
            if (other.total() != first.total()) {
                return Optional.of("node " + first.node() + " delivered " + first.total() + " messages, node "
                        + other.node() + " " + other.total());
            }
            if (!other.order().equals(first.order())) {
                return Optional.of("nodes " + first.node() + " and " + other.node() + " delivered in different orders");
            }
        }
        return first.messagesPerSecond() > 0 ? Optional.empty() : Optional.of("nothing was delivered in the window");
    }
}
