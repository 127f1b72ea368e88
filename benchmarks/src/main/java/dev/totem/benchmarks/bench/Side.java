/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One side of a match: what it is, and how its runs ended, in order. Immutable, any thread.
 *
 * @param runs empty if it could not be run here at all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Side(
        @JsonProperty("name") String name,
        @JsonProperty("nodes") int nodes,
        @JsonProperty("runs") List<Outcome> runs) {

    /** The median of the runs that did not fail, if there is one. */
    Optional<Figures> median() {
        List<Figures> reached =
                runs.stream().map(Outcome::figures).filter(Objects::nonNull).toList();
        return reached.isEmpty() ? Optional.empty() : Optional.of(Figures.median(reached));
    }

    public List<String> failures() {
        return runs.stream().map(Outcome::failure).filter(Objects::nonNull).toList();
    }
}
