/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static dev.totem.testkit.defect.Campaign.RANDOM;

import dev.totem.testkit.defect.PlantedDefect.Caught;
import dev.totem.testkit.defect.PlantedDefect.Edit;
import java.util.List;

/** Who may decide. */
final class QuorumDefects {

    static final List<PlantedDefect> ALL = List.of(
            new PlantedDefect(
                    "half of the votes are a majority",
                    "GUARANTEES, Primary",
                    new Edit("../Quorum", "return twice > votes() ||", "return twice >= votes() ||"),
                    new Caught(RANDOM, "Q2", 1, 100)),
            new PlantedDefect(
                    "the quorum is counted on the transitional members",
                    "GUARANTEES, Primary",
                    new Edit("protocol/Recovery", "context.quorum().decide(token.entries());", """
                    context.quorum().decide(token.entries().stream()
                            .filter(entry -> plan.transitional().contains(entry.member().node()))
                            .toList());"""),
                    new Caught(RANDOM, "Q1", 1, 10)),
            new PlantedDefect(
                    "a transitional configuration is always primary",
                    "GUARANTEES, Primary",
                    new Edit("protocol/OldMessages", ".withPrimary(context.quorum().isPrimary())", ""),
                    new Caught(RANDOM, "Q3", 1, 10)),
            new PlantedDefect(
                    "each knows only for itself that enough were there",
                    "GUARANTEES, Primary",
                    new Edit(
                            "membership/RingQuorum",
                            "votes.values().stream().anyMatch(Vote::hasMetExpected);",
                            "hasMetExpected;"),
                    new Caught(RANDOM, "Q1", 1, 60)),
            new PlantedDefect(
                    "what waited is ordered in a part without quorum",
                    "GUARANTEES, Primary",
                    new Edit(
                            "node/send/PendingSends",
                            "change.isRegular() ? part.refusal() : Optional.empty();",
                            "Optional.empty();"),
                    new Caught(RANDOM, "Q4", 1, 40)),
            new PlantedDefect(
                    "a part without quorum takes what is only for primaries",
                    "GUARANTEES, Primary",
                    new Edit("node/send/PendingSends", "&& part.refusal().isPresent()", "&& send.hasEnded()"),
                    new Caught(RANDOM, "Q4", 1, 20)));

    private QuorumDefects() {}
}
