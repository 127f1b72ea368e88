/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static dev.totem.testkit.defect.Campaign.LEFT;

import dev.totem.testkit.defect.PlantedDefect.Caught;
import dev.totem.testkit.defect.PlantedDefect.Edit;
import java.util.List;

/** Each term of the lease. */
final class LeaseDefects {

    static final List<PlantedDefect> ALL = List.of(
            new PlantedDefect(
                    "the lease runs from the last visit",
                    "3.11, the visit before",
                    new Edit(
                            "protocol/PrimaryLease",
                            "long until = visitNanos + termNanos;",
                            "long until = nowNanos + termNanos;"),
                    new Caught(LEFT, "W11", 1, 40)),
            new PlantedDefect(
                    "clocks are taken to be equal",
                    "3.11, drift",
                    new Edit("protocol/PrimaryLease", "patienceNanos - patienceNanos / DRIFT_PART", "patienceNanos"),
                    new Caught(LEFT, "W11", 1, 80)),
            new PlantedDefect(
                    "who lags renews its lease",
                    "3.11, failure to receive",
                    new Edit("protocol/PrimaryLease", "hasVisited && holdsAll &&", "hasVisited &&"),
                    new Caught(LEFT, "W11", 1, 20)),
            new PlantedDefect(
                    "the lease lasts for a consensus timeout whatever the token's is",
                    "3.11, token",
                    new Edit(
                            "settings/RingTiming",
                            "return token.compareTo(consensus) < 0 ? token : consensus;",
                            "return consensus;"),
                    new Caught(LEFT, "W11", 1, 20)),
            new PlantedDefect(
                    "the lease lasts for a token timeout whatever the consensus timeout is",
                    "3.11, consensus",
                    new Edit(
                            "settings/RingTiming",
                            "return token.compareTo(consensus) < 0 ? token : consensus;",
                            "return token;"),
                    new Caught(LEFT, "W11", 1, 20)),
            new PlantedDefect(
                    "a node that starts takes part at once",
                    "3.11, lives before",
                    new Edit(
                            "node/RunningNode",
                            "if (config.quorum().isNone()) {",
                            "if (config.quorum().votes() >= 0) {"),
                    new Caught(LEFT, "W11", 1, 20)),
            new PlantedDefect(
                    "a minority holds leases",
                    "3.11, primary",
                    new Edit("protocol/PrimaryLease", "verdict.isPrimary() && hasQuorum ?", "hasQuorum ?"),
                    new Caught(LEFT, "W11", 1, 20)),
            new PlantedDefect(
                    "who looks for another ring keeps its lease",
                    "3.11, leaving",
                    new Edit("protocol/Gather", "context.lease().left();", ""),
                    new Caught(LEFT, "W11", 1, 80)));

    private LeaseDefects() {}
}
