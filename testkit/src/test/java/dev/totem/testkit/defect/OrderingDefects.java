/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static dev.totem.testkit.defect.Campaign.CALM;
import static dev.totem.testkit.defect.Campaign.RANDOM;

import dev.totem.testkit.defect.PlantedDefect.Caught;
import dev.totem.testkit.defect.PlantedDefect.Edit;
import java.util.List;

/** Ordering on a ring: the token, the store, the safe line, and the way an installed ring is left. */
final class OrderingDefects {

    static final List<PlantedDefect> ALL = List.of(
            new PlantedDefect(
                    "a hole is delivered over",
                    "4.9, delivery in order",
                    new Edit(
                            "ordering/DeliveryCursor",
                            "Optional<OrderedMessage> next = store.get(highDelivered + 1);",
                            """
                    while (!store.holds(highDelivered + 1) && highDelivered < store.highReceived()) {
                    highDelivered++; } Optional<OrderedMessage> next = store.get(highDelivered + 1);"""),
                    new Caught(CALM, "S6_3", 1, 3)),
            new PlantedDefect(
                    "anybody raises the aru",
                    "4.5, only its owner raises the aru",
                    new Edit(
                            "ordering/AruRule",
                            "boolean mine = tokenOwner.isPresent() && tokenOwner.get().equals(self);",
                            "boolean mine = tokenOwner.isPresent();"),
                    new Caught(CALM, "W2", 1, 3)),
            new PlantedDefect(
                    "who lowers the aru does not own it",
                    "4.5, who lowers the aru owns it",
                    new Edit("ordering/AruRule", "Optional.of(self));", "tokenOwner.or(() -> Optional.of(self)));"),
                    new Caught(CALM, "W2", 1, 3)),
            new PlantedDefect(
                    "who lags does not lower the aru",
                    "4.5, anybody lowers the aru",
                    new Edit("ordering/AruRule", "ownAru < tokenAru ||", ""),
                    new Caught(CALM, "W2", 1, 3)),
            new PlantedDefect(
                    "the safe line moves after one rotation",
                    "4.11, two visits",
                    new Edit("ordering/SafeLine", "Math.min(forwardedBefore, aru)", "aru"),
                    new Caught(CALM, "W4", 1, 3)),
            new PlantedDefect(
                    "SAFE is delivered like AGREED",
                    "4.11, delivery of SAFE",
                    new Edit(
                            "ordering/DeliveryCursor",
                            "message.guarantee() == Guarantee.SAFE && message.seq() > safeLine",
                            "message.seq() < 0"),
                    new Caught(CALM, "S7_1", 1, 3)),
            new PlantedDefect(
                    "messages are freed after one rotation",
                    "4.10, two visits",
                    new Edit("ordering/RingOrder", "Math.min(lastAru, token.aru())", "token.aru()"),
                    new Caught(CALM, "W3", 1, 3)),
            new PlantedDefect(
                    "messages are freed when delivered here",
                    "4.10, stability",
                    new Edit(
                            "ordering/TokenVisit",
                            "Math.min(order.accept(token), Math.min(consumed, store.aru()))",
                            "order.accept(token) < 0 ? 0 : Math.min(consumed, store.aru())"),
                    new Caught(CALM, "W3", 1, 3)),
            new PlantedDefect(
                    "requests are bounded by what was received",
                    "4.4 and P3, announced messages are requested",
                    new Edit(
                            "ordering/RetransmitRequests",
                            "Math.min(announced[oldest], store",
                            "Math.min(store.highReceived(), store"),
                    new Caught(CALM, "losses are repaired in time", 1, 3)),
            new PlantedDefect(
                    "a freed message is filed again",
                    "3.1, the store's range",
                    new Edit("ordering/MessageStore", "if (seq <= released || holds(seq)) {", "if (holds(seq)) {"),
                    new Caught(CALM, "S1_4", 1, 3)),
            new PlantedDefect(
                    "a copy of a token is accepted",
                    "2.3, token_seq",
                    new Edit("protocol/TokenCheck", "} else if (order.isDuplicate(token)) {", """
                            } else if (token.tokenSeq() == order.tokenSeq()) {
                                return Optional.empty();
                            } else if (order.isDuplicate(token)) {"""),
                    new Caught(CALM, "ST10", 1, 3)),
            new PlantedDefect(
                    "a token of another ring is accepted",
                    "4.1 step 6",
                    new Edit(
                            "protocol/Operational",
                            "TokenCheck.refusal(token, members, order);",
                            "TokenCheck.refusal(token, members, order).filter(why -> why != DropReason.OTHER_RING);"),
                    new Caught(CALM, "W2", 1, 3)),
            new PlantedDefect(
                    "a message of another ring is filed",
                    "3.5",
                    new Edit(
                            "protocol/Operational",
                            """
                    public RingState regularMessage(RegularMessage message) { if
                    (!message.ring().equals(ring())) {""",
                            "public RingState regularMessage(RegularMessage message) { if (message.seq() < 0) {"),
                    new Caught(RANDOM, "S5_FIFO", 1, 10)),
            new PlantedDefect(
                    "the window is computed unsigned",
                    "4.6 and P20",
                    new Edit(
                            "ordering/FlowControl",
                            "(long) limits.windowSize() - fcc",
                            "limits.windowSize() < fcc ? Long.MAX_VALUE : limits.windowSize() - fcc"),
                    new Caught(CALM, "a slow subscriber holds the ring back", 1, 3)),
            new PlantedDefect(
                    "the share of the last rotation stays in fcc",
                    "4.6, fcc",
                    new Edit("ordering/FlowControl", "fcc + contribution - sentLastRotation", "fcc + contribution"),
                    new Caught(CALM, "W9", 1, 3)),
            new PlantedDefect(
                    "the backlog reported last stays in the token",
                    "4.6, backlog",
                    new Edit(
                            "ordering/FlowControl",
                            "int sum = ringBacklog + reported - backlogReported;",
                            "int sum = ringBacklog + reported;"),
                    new Caught(CALM, "W9", 1, 3)),
            new PlantedDefect(
                    "a token is never sent again",
                    "4.3, retransmission of the token",
                    new Edit(
                            "protocol/PassedToken",
                            "last.copy().ifPresent(token -> {",
                            "last.copy().filter(token -> false).ifPresent(token -> {"),
                    new Caught(CALM, "no change without a fault", 1, 3)),
            new PlantedDefect(
                    "any message is evidence that the token arrived",
                    "4.3, evidence",
                    new Edit("protocol/TokenPassing", "seq > passedSeq && held.isEmpty()", "held.isEmpty()"),
                    new Caught(CALM, "no change without a fault", 1, 3)),
            new PlantedDefect(
                    "the token of an idle ring is never held",
                    "4.8, hold",
                    new Edit("ordering/TokenHold", "return unchanged > unchangedMax;", "return false;"),
                    new Caught(CALM, "an idle ring is quiet", 1, 3)),
            new PlantedDefect(
                    "a held token is not released by a submission",
                    "4.8 and P45, hold cancel",
                    new Edit(
                            "protocol/TokenPassing",
                            "if (represents) { wake(); }",
                            "if (represents) { hold.cancel(); }"),
                    new Caught(CALM, "an idle ring wakes at once", 1, 3)),
            new PlantedDefect(
                    "nobody cancels a hold",
                    "4.8 and P45, hold cancel",
                    new Edit("ordering/TokenHold", "(seemsHeld() || mayPause) && !cancelSent", "cancelSent"),
                    new Caught(CALM, "an idle ring wakes at once", 1, 3)),
            new PlantedDefect(
                    "the token's aru is the token's seq",
                    "4.5, my_aru",
                    new Edit("ordering/TokenVisit", "order.self().node(), store.aru());", "order.self().node(), seq);"),
                    new Caught(CALM, "W2", 1, 3)),
            new PlantedDefect(
                    "served requests stay on the token",
                    "4.4, what was served is removed",
                    new Edit("ordering/TokenVisit", """
                    if (seq <= order.store().released()) { continue; } Optional<OrderedMessage> held = sent < allowed ?
                    order.store().get(seq) : Optional.empty(); if (held.isPresent()) { sender.accept(held.get()); sent++; } else
                    {""", """
                    Optional<OrderedMessage> held = sent < allowed ? order.store().get(seq) : Optional.empty(); if
                    (held.isPresent()) { sender.accept(held.get()); sent++; unserved.add(seq); } else {"""),
                    new Caught(CALM, "an idle ring is quiet", 1, 3)),
            new PlantedDefect(
                    "nobody fails to receive",
                    "3.9, failure to receive",
                    new Edit("ordering/ReceiveFailure", "visits > visitsMax &&", "visits < 0 &&"),
                    new Caught(CALM, "failure to receive is noticed in time", 1, 3)),
            new PlantedDefect(
                    "merge detect is never sent",
                    "2.6 and P26",
                    new Edit("protocol/Operational", """
                    context.announce(new MergeDetect( context.self(), ring(), members.ids(),
                    context.quarantine().heard(context.nowNanos())));""", ""),
                    new Caught(CALM, "idle rings merge in time", 1, 3)),
            new PlantedDefect(
                    "a late message of an earlier ring starts a gather",
                    "3.5 and P32",
                    new Edit("protocol/Operational", """
                    boolean late = members.outlived(sender) || (members.contains(sender) && senderRing.seq() <
                    ring().seq()) || senderRing.equals(previousRing);""", "boolean late = false;"),
                    new Caught(CALM, "no change without a fault", 1, 3)),
            new PlantedDefect(
                    "nobody notices that subscribers cannot follow",
                    "api: backpressure; 4.12",
                    new Edit(
                            "node/deliver/DispatchQueue",
                            "return room.isWaiting() || isFarAhead ? Restraint.HELD_BACK : Restraint.NONE;",
                            "return Restraint.NONE;"),
                    new Caught(CALM, "a slow subscriber holds the ring back", 1, 3)),
            new PlantedDefect(
                    "a node that cannot follow leaves the window to the others",
                    "4.6, hold back",
                    new Edit(
                            "ordering/FlowControl",
                            "case HELD_BACK -> limits.windowSize() + 1;",
                            "case HELD_BACK -> 0;"),
                    new Caught(CALM, "a slow subscriber holds the ring back", 1, 3)));

    private OrderingDefects() {}
}
