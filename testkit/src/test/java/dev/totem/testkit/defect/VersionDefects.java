/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static dev.totem.testkit.defect.Campaign.RANDOM;

import dev.totem.testkit.defect.PlantedDefect.Caught;
import dev.totem.testkit.defect.PlantedDefect.Edit;
import java.util.List;

/** Which version of the wire format a ring speaks, and from where on. */
final class VersionDefects {

    static final List<PlantedDefect> ALL = List.of(
            new PlantedDefect(
                    "the ring is to speak what its representative understands",
                    "WIRE, Versions",
                    new Edit(
                            "membership/RememberedJoins",
                            ".reduce(own.highest(), Math::min);",
                            ".reduce(own.highest(), (highest, theirs) -> highest);"),
                    new Caught(RANDOM, "all come to rest", 1, 6)),
            new PlantedDefect(
                    "the ring speaks the lowest version of all",
                    "WIRE, Versions",
                    new Edit(
                            "membership/RememberedJoins",
                            ".mapToInt(join -> join.profile().versions().highest())",
                            ".mapToInt(join -> join.profile().versions().lowest())"),
                    new Caught(RANDOM, "W12", 1, 6)),
            new PlantedDefect(
                    "a member speaks the highest version that it understands",
                    "WIRE, Versions",
                    new Edit(
                            "protocol/Recovery",
                            "version = token.version();",
                            "version = context.config().versions().highest();"),
                    new Caught(RANDOM, "W12", 1, 6)),
            new PlantedDefect(
                    "a new version holds before its configuration",
                    "WIRE, Versions",
                    new Edit("protocol/Installation", "messages.deliverInOldConfiguration();", """
                    context.emit(new Effect.Agreed(context.profiles().agree(members, version)));
                    messages.deliverInOldConfiguration();"""),
                    new Caught(RANDOM, "W12", 1, 3)),
            new PlantedDefect(
                    "the version of the ring before goes on to hold",
                    "WIRE, Versions",
                    new Edit(
                            "protocol/Installation",
                            "context.emit(new Effect.Agreed(context.profiles().agree(members, version)));",
                            "context.profiles().agree(members, version);"),
                    new Caught(RANDOM, "W12", 1, 3)));

    private VersionDefects() {}
}
