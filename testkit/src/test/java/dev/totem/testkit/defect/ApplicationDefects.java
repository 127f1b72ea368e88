/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static dev.totem.testkit.defect.Campaign.CALM;
import static dev.totem.testkit.defect.Campaign.STOP;
import static dev.totem.testkit.defect.Campaign.TURMOIL;

import dev.totem.testkit.defect.PlantedDefect.Caught;
import dev.totem.testkit.defect.PlantedDefect.Edit;
import java.util.List;

/** What applications see: packets, fragments, groups, sends. */
final class ApplicationDefects {

    static final List<PlantedDefect> ALL = List.of(
            new PlantedDefect(
                    "fragments of all senders share an assembly",
                    "6.4 and P50",
                    new Edit(
                            "packing/Unpacker",
                            "unfinished = new LinkedHashMap<>();",
                            "unfinished = new java.util.TreeMap<>((one, other) -> 0);"),
                    new Caught(CALM, "S5_FIFO", 1, 3)),
            new PlantedDefect(
                    "a partly originated message goes on in the next ring",
                    "6.4, decided",
                    new Edit("packing/Packer", "first.rewind();", ""),
                    new Caught(TURMOIL, "S5_FIFO", 1, 3)),
            new PlantedDefect(
                    "messages under way are forgotten at a change",
                    "api: send, every send has a fate",
                    new Edit(
                            "packing/Packer",
                            "OutgoingMessage<A> first = head; if (first != null && first.sentBytes() > 0) {",
                            """
                    inFlight.clear(); OutgoingMessage<A> first = head; if (first != null && first.sentBytes() >
                    0) {"""),
                    new Caught(TURMOIL, "all come to rest", 1, 3)),
            new PlantedDefect(
                    "the mark of a continued message is missing",
                    "6.2 and P51",
                    new Edit("packing/Packer", "(isContinued ? PacketFormat.LAST_IS_CONTINUED : 0)", "0"),
                    new Caught(CALM, "messages are intact", 1, 3)),
            new PlantedDefect(
                    "a packet holds messages of several guarantees",
                    "4.11, one class a packet",
                    new Edit(
                            "packing/Packer",
                            "message != null && message.guarantee() == guarantee && fits(packet, message);",
                            "message != null && fits(packet, message);"),
                    new Caught(CALM, "S1_3", 1, 3)),
            new PlantedDefect(
                    "positions do not tell the messages of a packet apart",
                    "api: Position",
                    new Edit(
                            "packing/Unpacker",
                            "receiver.message(index, number + index, new MessageBytes(piece));",
                            "receiver.message(0, number + index, new MessageBytes(piece));"),
                    new Caught(CALM, "ST10", 1, 3)),
            new PlantedDefect(
                    "a send is confirmed before its delivery",
                    "api: send",
                    new Edit(
                            "node/crossing/LaneOutcomes",
                            "if (next == null || !isDue(next, subscriptions)) {",
                            "if (next == null) {"),
                    new Caught(CALM, "A1", 1, 3)),
            new PlantedDefect(
                    "the first of several groups is forgotten",
                    "6.5, groups",
                    new Edit(
                            "group/GroupRouter",
                            "for (GroupName group : groups) {",
                            "for (GroupName group : groups.subList(1, groups.size())) {"),
                    new Caught(CALM, "S5_FIFO", 1, 4)),
            new PlantedDefect(
                    "a handle in two groups of a message gets it twice",
                    "6.5, groups",
                    new Edit(
                            "group/GroupRouter",
                            "Set<H> targets = new LinkedHashSet<>();",
                            "Collection<H> targets = new java.util.ArrayList<>();"),
                    new Caught(CALM, "S1_4", 1, 3)),
            new PlantedDefect(
                    "a node leaves before its sends are ordered",
                    "api: leave",
                    new Edit(
                            "node/close/NodeClosing",
                            "case FINISHING -> (isLate || (isFinished() && hasSaidFarewell())) && depart(loop);",
                            "case FINISHING -> depart(loop);"),
                    new Caught(CALM, "a leaver's sends are ordered", 1, 3)),
            new PlantedDefect(
                    "a node leaves before the others hold what it delivered",
                    "api: leave",
                    new Edit("node/close/NodeClosing", "&& machine.isSettled();", ";"),
                    new Caught(CALM, "what a leaver delivered is delivered", 1, 3)),
            new PlantedDefect(
                    "a node leaves without what it acknowledged",
                    "9.3 spec 7.1, api: leave",
                    new Edit(
                            "protocol/RingMachine",
                            "state.installed().ifPresent(ring -> new OldMessages(context, ring).deliverAndLeave());",
                            ""),
                    new Caught(STOP, "S7_1", 1, 40)),
            new PlantedDefect(
                    "a change overtakes the messages before it",
                    "3.7, order",
                    new Edit("node/deliver/DispatchQueue", "if (change.isRegular()) { membership", """
                    if (change.isRegular() && items.size() > 1) { unpacker.dropUnfinished(); items.poll(); } if
                    (change.isRegular()) { membership"""),
                    new Caught(CALM, "S4", 1, 3)));

    private ApplicationDefects() {}
}
