/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.testkit.Fault;
import dev.totem.testkit.SeedRuns;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Defects planted in the code of the blocks: the schedules of {@link BlocksProofTest}, {@link DivergenceTest} and
 * {@link MergeTest} catch each. */
class BlockDefectsTest {

    private static final List<Fault> CALM = List.of();
    private static final List<Fault> NETWORK =
            List.of(Fault.PARTITION, Fault.ONE_WAY, Fault.LOSS, Fault.DELAY, Fault.PAUSE, Fault.TOKEN_LOSS);

    private static final List<Defect> ALL = List.of(
            new Defect(
                    "a lease that is longer than what the others wait",
                    "internal/Calls",
                    "leaseNanos * 4 / 5",
                    "leaseNanos * 4",
                    new Schedule("seats", 3, NETWORK),
                    60),
            new Defect(
                    "a member that is away is given up at once",
                    "internal/Duties",
                    "later(settings.lease().toNanos(), () -> {\n                if",
                    "later(0, () -> {\n                if",
                    new Schedule("seats", 3, NETWORK),
                    60),
            new Defect(
                    "what a member had that is gone is given to nobody",
                    "ClaimMachine",
                    "        if (isFree) {",
                    "        if (isFree && at.seq() < 9) {",
                    new Schedule("seats", 3, CALM),
                    10),
            new Defect(
                    "who waits is not in the state that is handed over",
                    "ClaimMachine",
                    "records.add(record(name, claim).bool(false).toBytes())",
                    "records.size()",
                    new Schedule("seats-crash", 3, CALM),
                    60),
            new Defect(
                    "an entry is missing in the state that is handed over",
                    "MapMachine",
                    "all.stream()",
                    "all.stream().skip(1)",
                    new Schedule("map-crash", 3, CALM),
                    30),
            new Defect(
                    "counters are handed over one too high",
                    "CounterMachine",
                    ".i64(counter.getValue())",
                    ".i64(counter.getValue() + 1)",
                    new Schedule("map-crash", 3, CALM),
                    30),
            new Defect(
                    "a watch begins behind what is there",
                    "MapWatches",
                    "if (machine == null) {\n            return List.of();",
                    "if (machine != null) {\n            return List.of();",
                    new Schedule("map-crash", 3, CALM),
                    30),
            new Defect(
                    "a watch is told of every second change only",
                    "MapWatches",
                    "changes.forEach(this::tell);",
                    "changes.stream().filter(one -> one.position().seq() % 2 == 0).forEach(this::tell);",
                    new Schedule("map", 3, CALM),
                    30),
            new Defect(
                    "any value is the one that is expected",
                    "MapMachine",
                    "held -> Arrays.equals(held.value(), value.value().array())",
                    "held -> true",
                    new Schedule("map", 3, CALM),
                    10),
            new Defect(
                    "readLatest is read",
                    "ReplicatedMap",
                    "state.readLatest(reading(key))",
                    "state.read(reading(key))",
                    new Schedule("map", 3, NETWORK),
                    60),
            new Defect(
                    "commands are not safe",
                    "internal/Outbox",
                    "handle.send(Message.to(name).safe().payload(payload))",
                    "handle.send(Message.to(name).payload(payload))",
                    new Schedule("map-parts", 5, CALM),
                    160),
            new Defect(
                    "the shortest log wins",
                    "internal/Round",
                    "knowing.stream().max(settings.quorum().isNone() ? LONGEST : FURTHEST)",
                    "knowing.stream().min(settings.quorum().isNone() ? LONGEST : FURTHEST)",
                    new Schedule("map-parts", 5, CALM),
                    60),
            new Defect(
                    "a sum that was counted is answered as that before",
                    "CounterMachine",
                    "return OptionalLong.of(after);",
                    "return OptionalLong.of(before);",
                    new Schedule("map", 3, CALM),
                    10),
            new Defect(
                    "what waited for a transfer is forgotten",
                    "internal/CatchUp",
                    "List.copyOf(waiting)",
                    "List.of()",
                    new Schedule("map-crash", 3, CALM),
                    60),
            new Defect(
                    "a key that was removed stays",
                    "MapMachine",
                    "            drop(key);\n            changes.add(new Change(Kind.REMOVED",
                    "            changes.add(new Change(Kind.REMOVED",
                    new Schedule("map", 3, CALM),
                    10),
            new Defect(
                    "who is gone keeps its place in the line",
                    "ClaimMachine",
                    "claim -> claim.member().equals(member)",
                    "claim -> false",
                    new Schedule("seats-crash", 3, CALM),
                    10),
            new Defect(
                    "who does not wait any more stays in the line",
                    "ClaimMachine",
                    "if (seat.waiting.removeIf(isOver) || isFree) {",
                    "if (isFree) {",
                    new Schedule("seats", 3, CALM),
                    10),
            new Defect(
                    "what was lost is not given to others",
                    "Claims",
                    "cede(claim.seat, claim.number, gone -> {});\n        if (claim.isPatient",
                    "if (claim.isPatient",
                    new Schedule("seats", 3, NETWORK),
                    60),
            new Defect(
                    "the smallest group is right",
                    "internal/Comparison",
                    "count > counts.getOrDefault(best, 0)",
                    "count < counts.getOrDefault(best, 0)",
                    new Schedule("sums", 3, CALM),
                    5),
            new Defect(
                    "the first difference is named one too late",
                    "internal/Comparison",
                    "first = common - back;",
                    "first = common - back + 1;",
                    new Schedule("sums", 3, CALM),
                    10),
            new Defect(
                    "results are not compared",
                    "internal/Trail",
                    "crc.getValue() << 32 | evidence.length",
                    "0",
                    new Schedule("sums", 3, CALM),
                    3),
            new Defect(
                    "who differs keeps its state",
                    "internal/Replica",
                    "        comparison.left(member);\n        log = null;\n",
                    "        comparison.left(member);\n",
                    new Schedule("sums", 3, CALM),
                    5),
            new Defect(
                    "what results were is not handed over",
                    "internal/Applied",
                    "out.i64(trail.hash())",
                    "out.i64(0)",
                    new Schedule("map-crash", 3, CALM),
                    10),
            new Defect(
                    "a piece is missing in what is merged",
                    "internal/Merges",
                    "List.copyOf(pieces)",
                    "List.copyOf(pieces.subList(1, pieces.size()))",
                    new Schedule("words", 4, CALM),
                    10),
            new Defect(
                    "nothing is other than what is known",
                    "internal/Merges",
                    "return isKnown(merge) ?",
                    "return true ?",
                    new Schedule("words", 4, CALM),
                    5),
            new Defect(
                    "parts are forgotten when they meet",
                    "internal/Round",
                    "parts.putIfAbsent(exchange.total(), exchange.member());",
                    "parts.size();",
                    new Schedule("words", 4, CALM),
                    5),
            new Defect(
                    "what comes in a transitional configuration is decided",
                    "internal/Replica",
                    "return isRegular && stage == Stage.FOLLOWING",
                    "return stage == Stage.FOLLOWING",
                    new Schedule("map-mute", 3, CALM),
                    10),
            new Defect(
                    "a lease is counted from when the mark comes back",
                    "internal/Calls",
                    "marks.sentNanos() + leaseNanos * 4 / 5",
                    "nowNanos() + leaseNanos * 4 / 5",
                    new Schedule("seats-late", 3, CALM),
                    10),
            new Defect(
                    "a minority decides",
                    "internal/Settings",
                    "!nodes.isEmpty() && quorum.isPrimary(nodes)",
                    "!nodes.isEmpty()",
                    new Schedule("map-parts", 5, CALM),
                    10),
            new Defect(
                    "undecided entries are missing in a transfer",
                    "internal/Transfers",
                    "packed(log.undecided())",
                    "packed(List.of())",
                    new Schedule("map-crash", 3, CALM),
                    10),
            new Defect(
                    "late speakers are not waited for",
                    "internal/Listening",
                    "if (isWaitedFor || current.isEverybodyHeard())",
                    "if (true)",
                    new Schedule("speakers", 5, CALM),
                    5));

    private record Schedule(String name, int nodes, List<Fault> faults) {}

    /** @param seedsMax caught by one of so many seeds, from 1 */
    private record Defect(String name, String type, String exact, String replacement, Schedule schedule, int seedsMax) {

        void isCaught() throws Exception {
            SeedRuns runs = new SeedRuns(
                    schedule.nodes(),
                    schedule.faults(),
                    EditedBlocks.schedule(schedule.name(), schedule.nodes(), type, exact, replacement));
            long seed = 1;
            while (seed <= seedsMax && runs.failure(seed).isEmpty()) {
                seed++;
            }
            assertThat(seed).as(name + ": the seed that catches it").isLessThanOrEqualTo(seedsMax);
        }
    }

    @TestFactory
    Stream<DynamicTest> areCaught() {
        return ALL.stream().map(defect -> DynamicTest.dynamicTest(defect.name(), defect::isCaught));
    }
}
