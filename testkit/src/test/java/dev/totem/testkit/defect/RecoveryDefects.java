/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static dev.totem.testkit.defect.Campaign.CALM;
import static dev.totem.testkit.defect.Campaign.HALF;
import static dev.totem.testkit.defect.Campaign.TURMOIL;

import dev.totem.testkit.defect.PlantedDefect.Caught;
import dev.totem.testkit.defect.PlantedDefect.Edit;
import java.util.List;

/** Recovery and install: the exchange, the obligation, what is delivered in which configuration. */
final class RecoveryDefects {

    static final List<PlantedDefect> ALL = List.of(
            new PlantedDefect(
                    "transitional is who has the id of a member",
                    "3.6 step 4 and P8",
                    new Edit(
                            "membership/RecoveryPlan",
                            "entry.oldRing().equals(old.ring()) && old.members().contains(entry.member())",
                            "old.members().contains(entry.member().node())"),
                    new Caught(TURMOIL, "ST7", 1, 3)),
            new PlantedDefect(
                    "the old ring is that of the last attempt",
                    "3.8 and P2",
                    new Edit("protocol/Recovery", "return Gather.enter(context, round, reason);", """
                    return Gather.enter(context, Round.from(new OldRing(members, order, new
                    dev.totem.core.internal.ordering.DeliveryCursor(order.store(), order.store().aru())), context.id()),
                    reason);"""),
                    new Caught(CALM, "ST2", 1, 3)),
            new PlantedDefect(
                    "recovered messages are not merged into the old ring",
                    "3.7 step 1",
                    new Edit("protocol/Recovery", "round.old().file(message.inner());", ""),
                    new Caught(CALM, "S4", 1, 3)),
            new PlantedDefect(
                    "recovered messages are delivered on the new ring",
                    "3.7 step 8",
                    new Edit("protocol/Installation", "store.release(progress.installSeq());", """
                    for (long seq = 1; seq <= progress.installSeq(); seq++) { store.get(seq).ifPresent(held -> {
                    if (held instanceof dev.totem.core.internal.message.RecoveredMessage recovered &&
                    recovered.inner().ring().equals(old.ring())) {
                    context.emit(new Effect.Deliver(recovered.inner())); } }); }
                    store.release(progress.installSeq());"""),
                    new Caught(CALM, "S1_4", 1, 3)),
            new PlantedDefect(
                    "everything is delivered before the transitional change",
                    "3.7 steps 2 and 4",
                    new Edit("protocol/Installation", """
                    messages.changeToTransitional(order.ring(), transitional);
                    messages.deliverInTransitionalConfiguration();""", """
                    messages.deliverInTransitionalConfiguration();
                    messages.changeToTransitional(order.ring(), transitional);"""),
                    new Caught(TURMOIL, "S7_1", 1, 10)),
            new PlantedDefect(
                    "SAFE is delivered in the old configuration",
                    "3.7 step 2, the first SAFE not known to be delivered",
                    new Edit(
                            "protocol/OldMessages",
                            "old.cursor().deliver(old.safeLine(), this::deliver);",
                            "old.cursor().deliver(Long.MAX_VALUE, this::deliver);"),
                    new Caught(TURMOIL, "S7_1", 1, 10)),
            new PlantedDefect(
                    "nothing is delivered in the old configuration",
                    "3.7 step 2",
                    new Edit("protocol/OldMessages", "old.cursor().deliver(old.safeLine(), this::deliver);", ""),
                    new Caught(CALM, "S2_3", 1, 3)),
            new PlantedDefect(
                    "messages beyond a gap are delivered whoever sent them",
                    "3.7 step 5",
                    new Edit(
                            "protocol/OldMessages",
                            "(isBeforeGap || beyondGap.test(message.origin().node()))",
                            "message.seq() > 0"),
                    new Caught(TURMOIL, "S5_FIFO", 1, 10)),
            new PlantedDefect(
                    "messages beyond a gap are dropped",
                    "3.7 step 5",
                    new Edit(
                            "protocol/OldMessages",
                            "(isBeforeGap || beyondGap.test(message.origin().node()))",
                            "isBeforeGap"),
                    new Caught(HALF, "S3", 1, 4)),
            new PlantedDefect(
                    "the transitional change is left out",
                    "3.7 step 4",
                    new Edit("protocol/Installation", "messages.changeToTransitional(order.ring(), transitional);", ""),
                    new Caught(CALM, "ST2", 1, 3)),
            new PlantedDefect(
                    "joined is relative to the old membership",
                    "3.7, left and joined",
                    new Edit(
                            "protocol/Installation",
                            "!transitional.contains(node)",
                            "!old.members().ids().contains(node)"),
                    new Caught(TURMOIL, "ST8", 1, 3)),
            new PlantedDefect(
                    "left leaves out some",
                    "3.7, left and joined",
                    new Edit(
                            "protocol/OldMessages",
                            "!members.contains(node)",
                            "!members.contains(node) && node.value() % 2 == 0"),
                    new Caught(TURMOIL, "ST8", 1, 3)),
            new PlantedDefect(
                    "a ring is installed after the first lowered visits",
                    "3.6 step 5, four visits",
                    new Edit(
                            "membership/RecoveryProgress",
                            "complete = lowered >= 3 && token.aru() >= installSeq",
                            "complete = lowered >= 1 && token.aru() >= installSeq"),
                    new Caught(TURMOIL, "W8", 1, 3)),
            new PlantedDefect(
                    "the install seq is that of the first lowered visit",
                    "3.6 step 5, install_seq",
                    new Edit("membership/RecoveryProgress", "if (lowered == 2) {", "if (lowered == 1) {"),
                    new Caught(TURMOIL, "S4", 1, 24)),
            new PlantedDefect(
                    "a ring is installed though a member lacks messages",
                    "3.6 step 5, token.aru",
                    new Edit(
                            "membership/RecoveryProgress", "lowered >= 3 && token.aru() >= installSeq", "lowered >= 3"),
                    new Caught(CALM, "W3", 1, 3)),
            new PlantedDefect(
                    "a ring is installed after one complete visit",
                    "3.6 step 5, two complete visits",
                    new Edit("membership/RecoveryProgress", "return complete == 2;", "return complete == 1;"),
                    new Caught(TURMOIL, "W3", 1, 10)),
            new PlantedDefect(
                    "the obligation begins at once",
                    "3.6 step 5, my_received_flg",
                    new Edit(
                            "membership/RecoveryProgress",
                            "return lowered >= 2 && aru >= installSeq;",
                            "return aru >= installSeq;"),
                    new Caught(CALM, "S4", 1, 3)),
            new PlantedDefect(
                    "the obligation begins before the queues are empty",
                    "3.6 step 5, my_received_flg",
                    new Edit(
                            "membership/RecoveryProgress",
                            "return lowered >= 2 && aru >= installSeq;",
                            "return lowered >= 1 && aru >= installSeq;"),
                    new Caught(CALM, "S4", 1, 3)),
            new PlantedDefect(
                    "the obligation is never taken on",
                    "3.8, my_received_flg",
                    new Edit("membership/OldRing", "public void oblige() { received = true;", "public void oblige() {"),
                    new Caught(HALF, "S7_1", 1, 3)),
            new PlantedDefect(
                    "the obligation is void at the next attempt",
                    "3.8, obligation",
                    new Edit(
                            "membership/RecoveryPlan",
                            "entries.stream().allMatch(CommitEntry::received)",
                            "entries.isEmpty()"),
                    new Caught(HALF, "S7_1", 1, 3)),
            new PlantedDefect(
                    "the promise is kept though a member lacks messages",
                    "3.8, a flag of 0 voids it",
                    new Edit(
                            "membership/RecoveryPlan",
                            "entries.stream().allMatch(CommitEntry::received)",
                            "entries.stream().anyMatch(CommitEntry::received)"),
                    new Caught(CALM, "S4", 1, 3)),
            new PlantedDefect(
                    "what the others have delivered is not asked",
                    "3.6 step 4, high_ring_delivered",
                    new Edit(
                            "membership/RecoveryPlan",
                            "entries.forEach(entry -> old.delivered(entry.highDelivered()));",
                            ""),
                    new Caught(TURMOIL, "S4", 1, 6)),
            new PlantedDefect(
                    "the highest aru counts for the lowest",
                    "3.6 step 4, low_ring_aru",
                    new Edit("membership/RecoveryPlan", ".min()", ".max()"),
                    new Caught(CALM, "S4", 1, 3)),
            new PlantedDefect(
                    "what is above the first gap is not recovered",
                    "3.6 step 4, every held message",
                    new Edit(
                            "membership/RecoveryPlan",
                            ".filter(RegularMessage.class::isInstance)",
                            ".filter(held -> held instanceof RegularMessage && held.seq() <= old.store().aru())"),
                    new Caught(TURMOIL, "S4", 1, 3)),
            new PlantedDefect(
                    "the flag is not raised",
                    "3.6 step 5, retrans_flg",
                    new Edit("membership/RecoveryProgress", "if (waiting > 0) {", "if (waiting < 0) {"),
                    new Caught(TURMOIL, "W8", 1, 3)),
            new PlantedDefect(
                    "anybody lowers the flag",
                    "3.6 step 5, who raised the flag lowers it",
                    new Edit("membership/RecoveryProgress", "} else if (flag && raisedByUs) {", "} else if (flag) {"),
                    new Caught(TURMOIL, "W8", 1, 10)),
            new PlantedDefect(
                    "application messages are originated in Recovery",
                    "3.6 step 6; W7",
                    new Edit("protocol/Recovery", "TokenVisit.of(order, audited, queue, store.aru()", """
                    TokenVisit.of(order, audited, queue.backlog() > 0 ? queue : new PacketOrigination(context,
                    ring()), store.aru()"""),
                    new Caught(TURMOIL, "W7", 1, 3)),
            new PlantedDefect(
                    "the old aru is that of the new ring",
                    "3.6 step 4, aru of the old ring",
                    new Edit(
                            "membership/OldRing",
                            "self, ring, store.aru(), Math.max(",
                            "self, ring, store.highReceived(), Math.max("),
                    new Caught(TURMOIL, "S4", 1, 3)));

    private RecoveryDefects() {}
}
