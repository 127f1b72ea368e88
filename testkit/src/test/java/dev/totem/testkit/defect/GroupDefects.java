/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static dev.totem.testkit.defect.Campaign.RANDOM;

import dev.totem.testkit.defect.PlantedDefect.Caught;
import dev.totem.testkit.defect.PlantedDefect.Edit;
import java.util.List;

/** Who is in a group: lists, cuts, what is held. */
final class GroupDefects {

    static final List<PlantedDefect> ALL = List.of(
            new PlantedDefect(
                    "a view is not cut at a transition",
                    "GUARANTEES, Groups",
                    new Edit("node/deliver/GroupOrder", "views.cut(change.members(), changes);", ""),
                    new Caught(RANDOM, "G1", 1, 10)),
            new PlantedDefect(
                    "the list of own members comes last",
                    "GUARANTEES, Groups",
                    new Edit("node/send/PendingSend", "to.addFirst(made);", "to.add(made);"),
                    new Caught(RANDOM, "G3", 1, 20)),
            new PlantedDefect(
                    "the exchange ends one list early",
                    "GUARANTEES, Groups",
                    new Edit("group/GroupExchange", "return awaited.isEmpty();", "return awaited.size() <= 1;"),
                    new Caught(RANDOM, "G2", 1, 10)),
            new PlantedDefect(
                    "nothing is held during the exchange",
                    "GUARANTEES, Groups",
                    new Edit("node/deliver/GroupOrder", "isHolding = isNeeded;", "isHolding = false;"),
                    new Caught(RANDOM, "G2", 1, 10)),
            new PlantedDefect(
                    "a join of who is gone counts",
                    "GUARANTEES, Groups",
                    new Edit(
                            "node/deliver/GroupOrder",
                            "return members.contains(message.frame().origin().node());",
                            "return members.size() > 0;"),
                    new Caught(RANDOM, "G1", 1, 40)),
            new PlantedDefect(
                    "who leaves goes on being shown messages",
                    "GUARANTEES, Groups",
                    new Edit("node/deliver/GroupOrder", "own.ifPresent(handle -> leaves(handle, group));", ""),
                    new Caught(RANDOM, "handles agree", 1, 40)));

    private GroupDefects() {}
}
