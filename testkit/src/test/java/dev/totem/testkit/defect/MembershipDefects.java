/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static dev.totem.testkit.defect.Campaign.CALM;
import static dev.totem.testkit.defect.Campaign.HALF;

import dev.totem.testkit.defect.PlantedDefect.Caught;
import dev.totem.testkit.defect.PlantedDefect.Edit;
import java.util.List;

/** Forming a ring: sets, Joins, commit tokens, ring numbers, lives. */
final class MembershipDefects {

    static final List<PlantedDefect> ALL = List.of(
            new PlantedDefect(
                    "a token that comes again puts off its loss",
                    "4.3 and P18",
                    new Edit("protocol/Operational", "return drop(refusal.get());", """
                            if (refusal.get() == DropReason.DUPLICATE_TOKEN) {
                                context.arm(TimerKind.TOKEN_LOSS, context.timing().token());
                            }
                            return drop(refusal.get());"""),
                    new Caught(CALM, "a crash is noticed in time", 1, 3)),
            new PlantedDefect(
                    "the same members are tried for ever",
                    "3.4, the termination rule",
                    new Edit("membership/Attempts", "if (attempts < ATTEMPTS_MAX ||", "if (attempts > 0 ||"),
                    new Caught(CALM, "tokens that get one way only are got round", 1, 3)),
            new PlantedDefect(
                    "a Join of an earlier round counts",
                    "3.5, Joins of earlier rounds",
                    new Edit("protocol/Gather", """
                    if (round.isStale(join.origin(), join.ringSeq())) { return drop(DropReason.STALE); } if
                    (!isCandidate(join""", "if (!isCandidate(join"),
                    new Caught(CALM, "a crash is noticed in time", 1, 24)),
            new PlantedDefect(
                    "a late Join starts a gather",
                    "3.3, Joins of earlier rounds",
                    new Edit("protocol/Operational", """
                    boolean late = members.outlived(join.origin()) || (members.contains(join.origin()) &&
                    join.ringSeq() < ring().seq());""", "boolean late = false;"),
                    new Caught(CALM, "no change without a fault", 1, 3)),
            new PlantedDefect(
                    "proc and fail start anew when a recovery fails",
                    "3.4, monotone sets; W5",
                    new Edit(
                            "protocol/Recovery",
                            "return Gather.enter(context, round, reason);",
                            "return Gather.enter(context, Round.from(round.old(), context.id()), reason);"),
                    new Caught(CALM, "W5", 1, 3)),
            new PlantedDefect(
                    "proc and fail start anew when a commit fails",
                    "3.4, monotone sets; W5",
                    new Edit(
                            "protocol/Commit",
                            "return Gather.enter(context, round, reason);",
                            "return Gather.enter(context, Round.from(round.old(), context.id()), reason);"),
                    new Caught(HALF, "W5", 1, 3)),
            new PlantedDefect(
                    "the ring number is not kept",
                    "8, stable storage",
                    new Edit("protocol/RingContext", "emit(new Effect.Persist(seq));", ""),
                    new Caught(CALM, "W10", 1, 3)),
            new PlantedDefect(
                    "nothing waits for stable storage",
                    "8, before the first datagram; W10",
                    new Edit("node/loop/NodeLoop", "!numbers.isWaiting() && !isEnded", "!isEnded"),
                    new Caught(CALM, "W10", 1, 3)),
            new PlantedDefect(
                    "ring numbers are used before their reserve is kept",
                    "8, stable storage; W10",
                    new Edit(
                            "node/loop/RingNumbers",
                            "environment .store() .store(next)",
                            "bound = next; environment.store().store(next)"),
                    new Caught(CALM, "W10", 1, 3)),
            new PlantedDefect(
                    "a ring number is used again after a crash",
                    "8, startup; W10",
                    new Edit(
                            "node/loop/RingNumbers",
                            "Input.Start.of(plausible(loaded, log), epochMillis)",
                            "new Input.Start(Math.max(0, plausible(loaded, log) - 2 * RingId.STEP))"),
                    new Caught(CALM, "W10", 1, 3)),
            new PlantedDefect(
                    "the number of a failed ring is used again",
                    "3.8, never reuse it",
                    new Edit(
                            "protocol/Commit",
                            "context.ringSeqMax() + RingId.STEP",
                            "Math.max(RingId.STEP, context.ringSeqMax())"),
                    new Caught(CALM, "no node stops itself", 1, 3)),
            new PlantedDefect(
                    "consensus is about proc only",
                    "3.4, both sets are equal",
                    new Edit(
                            "membership/CandidateSets",
                            """
                    proc.size() == otherProc.size() && fail.size() == otherFail.size() && cover(otherProc,
                    otherFail)""",
                            "proc.size() == otherProc.size() && proc.containsAll(otherProc)"),
                    new Caught(CALM, "failure to receive is noticed in time", 1, 3)),
            new PlantedDefect(
                    "consensus needs one who agrees",
                    "3.4, all of proc without fail",
                    new Edit(
                            "membership/RememberedJoins",
                            "allMatch(node -> agrees(node, sets))",
                            "filter(node -> agrees(node, sets)).count() >= 2 - 1 / sets.members().size()"),
                    new Caught(CALM, "a partition is noticed in time", 1, 3)),
            new PlantedDefect(
                    "the representative is not the lowest",
                    "1, the representative",
                    new Edit(
                            "protocol/Gather",
                            "members.get(0).equals(context.id());",
                            "members.get(members.size() - 1).equals(context.id());"),
                    new Caught(CALM, "a ring forms in time", 1, 3)),
            new PlantedDefect(
                    "silent nodes are waited for",
                    "3.4, the consensus timeout",
                    new Edit(
                            "protocol/Gather",
                            ".filter(node -> !round.joins().agrees(node, round.sets()))",
                            ".filter(node -> false)"),
                    new Caught(CALM, "a partition is noticed in time", 1, 3)),
            new PlantedDefect(
                    "nobody believes a fail list",
                    "3.4 J5",
                    new Edit(
                            "membership/JoinRules",
                            "} else if (ring.contains(sender)) { changed |= sets.addFailed(fail); } else {",
                            "} else if (!ring.contains(sender)) {"),
                    new Caught(CALM, "a leave is quick", 1, 3)),
            new PlantedDefect(
                    "nobody says farewell",
                    "2.5, Leave",
                    new Edit("protocol/RingMachine", "state.farewell().ifPresent(context::multicast);", ""),
                    new Caught(CALM, "a leave is quick", 1, 3)),
            new PlantedDefect(
                    "another node with the same id is not noticed",
                    "8, duplicate ids",
                    new Edit(
                            "protocol/DuplicateIds",
                            "other.incarnation() >= self.incarnation()",
                            "other.incarnation() != 0"),
                    new Caught(CALM, "no two nodes have one id", 1, 3)),
            new PlantedDefect(
                    "the earlier of two nodes with one id stops",
                    "8, duplicate ids",
                    new Edit(
                            "protocol/DuplicateIds",
                            "other.incarnation() >= self.incarnation()",
                            "other.incarnation() <= self.incarnation()"),
                    new Caught(CALM, "no two nodes have one id", 1, 3)),
            new PlantedDefect(
                    "who lost its storage starts from zero",
                    "8, lost stable storage",
                    new Edit("protocol/Input", "Math.max(storedRingSeq, clock)", "storedRingSeq"),
                    new Caught(CALM, "ST5", 1, 3)),
            new PlantedDefect(
                    "nobody is quarantined",
                    "9.5, one-way link, and P28",
                    new Edit("membership/Quarantine", """
                    return exclusion != null && exclusion.excluded && exclusion.incarnation ==
                    sender.incarnation();""", "return false;"),
                    new Caught(CALM, "a one-way link settles", 1, 3)),
            new PlantedDefect(
                    "a quarantine never ends",
                    "9.5, one-way link",
                    new Edit("membership/Quarantine", """
                    if (!isDue || !reachability.isMutual(all, nowNanos)) {""", "if (nowNanos != Long.MIN_VALUE) {"),
                    new Caught(CALM, "sends end in time", 1, 3)));

    private MembershipDefects() {}
}
