/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static dev.totem.testkit.defect.Campaign.STAGED;

import dev.totem.testkit.defect.PlantedDefect.Caught;
import dev.totem.testkit.defect.PlantedDefect.Edit;
import java.util.List;

/** What configurations say of why they came. */
final class CauseDefects {

    static final List<PlantedDefect> ALL = List.of(
            new PlantedDefect(
                    "a Join carries no causes",
                    "3.12, Joins carry them",
                    new Edit("protocol/Gather", "context.causes().facts()));", "List.of()));"),
                    new Caught(STAGED, "members are told the same causes", 1, 3)),
            new PlantedDefect(
                    "what another tells is not kept",
                    "3.12, Joins carry them",
                    new Edit(
                            "protocol/Causes",
                            "if (order < 0 || (order == 0 && isFirstHand)) {",
                            "if (order > 0 && isFirstHand) {"),
                    new Caught(STAGED, "members are told the same causes", 1, 3)),
            new PlantedDefect(
                    "who hears a farewell says that it has left itself",
                    "3.12, whom it is about",
                    new Edit(
                            "protocol/CauseKind",
                            "return MEMBER_LEFT.about(self, member);",
                            "return MEMBER_LEFT.about(self, self);"),
                    new Caught(STAGED, "the cause is named", 1, 6)),
            new PlantedDefect(
                    "nobody says whom it gives up on",
                    "3.12, whom it gives up on",
                    new Edit(
                            "protocol/Gather",
                            "nodes.stream().filter(round.sets()::hasFailed).forEach(this::noteSilence);",
                            ""),
                    new Caught(STAGED, "the cause is named", 1, 3)),
            new PlantedDefect(
                    "what the ring survived is told",
                    "3.12, what did not end the ring",
                    new Edit(
                            "protocol/Causes",
                            "noted.values().removeIf(earlier -> nowNanos - earlier.atNanos > freshNanos);",
                            ""),
                    new Caught(STAGED, "no other cause is named", 1, 6)));

    private CauseDefects() {}
}
