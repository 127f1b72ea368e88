/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import dev.totem.core.ChangeCause;
import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * One fault after the other on a network that loses nothing, each at rest: the configuration that follows has its cause, the same at all
 * members, and none of another fault.
 */
final class StagedFaults {

    private static final int ROUNDS = 6;
    private static final Duration FORMED = Duration.ofSeconds(5);

    /** What was noticed before is no cause any more. */
    private static final Duration REST = Duration.ofMillis(500);

    private static final Duration SHORT = Duration.ofMillis(70);

    private final SplittableRandom random;
    private final int size;
    private final SimCluster cluster;
    private final Map<String, String> violated = new LinkedHashMap<>();

    private StagedFaults(long seed) {
        random = new SplittableRandom(seed);
        size = random.nextInt(3, 7);
        cluster = SimCluster.create(seed, size, Faults.none());
    }

    /** The properties that the run of a seed violated, each with the details. */
    static Map<String, String> run(long seed) {
        StagedFaults run = new StagedFaults(seed);
        run.cluster.startAll();
        run.cluster.runUntil(run.cluster::isOneRing, FORMED);
        for (int round = 0; round < ROUNDS && run.violated.isEmpty(); round++) {
            run.cluster.run(REST);
            run.round();
        }
        run.violated.putAll(Violated.by(run.cluster.check(), run.cluster.failures()));
        return run.violated;
    }

    private void round() {
        int one = 1 + random.nextInt(size);
        int[] others = IntStream.rangeClosed(1, size).filter(id -> id != one).toArray();
        switch (random.nextInt(4)) {
            case 0 -> {
                cluster.crash(one);
                causes(others, cause -> isSilent(cause, one), cause -> isSilent(cause, one) || isLoss(cause));
                cluster.run(REST);
                cluster.restart(one);
                merged(one);
            }
            case 1 -> {
                surviveAPause(others[0]);
                cluster.node(one).leave();
                causes(others, cause -> hasLeft(cause, one), cause -> hasLeft(cause, one));
                cluster.run(REST);
                cluster.restart(one);
                merged(one);
            }
            case 2 -> {
                int first = random.nextInt(1, size);
                int[] low = IntStream.rangeClosed(1, first).toArray();
                int[] high = IntStream.rangeClosed(first + 1, size).toArray();
                cluster.partition(low, high);
                lost(low, high);
                lost(high, low);
                cluster.run(REST);
                cluster.heal();
                merged(0);
            }
            default -> {
                cluster.node(one).pause();
                causes(others, cause -> isSilent(cause, one), cause -> isSilent(cause, one) || isLoss(cause));
                cluster.run(REST);
                cluster.node(one).resume();
                causes(
                        IntStream.rangeClosed(1, size).toArray(),
                        cause -> cause instanceof ChangeCause.Paused paused && is(paused.seenBy(), one),
                        cause -> !hasLeft(cause, 0) && !(cause instanceof ChangeCause.FailedToReceive));
            }
        }
    }

    /** Longer than half a token timeout, so that it is noticed, and shorter than one. */
    private void surviveAPause(int node) {
        cluster.node(node).pause();
        cluster.run(SHORT);
        cluster.node(node).resume();
        cluster.run(REST);
    }

    private void lost(int[] part, int[] other) {
        for (int lost : other) {
            causes(
                    part,
                    cause -> isSilent(cause, lost),
                    cause -> IntStream.of(other).anyMatch(gone -> isSilent(cause, gone)) || isLoss(cause));
        }
    }

    /** @param restarted the node that was not there, or 0 if two parts have found each other */
    private void merged(int restarted) {
        causes(
                IntStream.rangeClosed(1, size).toArray(),
                ChangeCause.ForeignRing.class::isInstance,
                cause -> cause instanceof ChangeCause.ForeignRing
                        || (cause instanceof ChangeCause.NewLife again && is(again.member(), restarted))
                        || isLoss(cause));
    }

    /** Waits for the ring of these. */
    private void causes(int[] members, Predicate<ChangeCause> wanted, Predicate<ChangeCause> allowed) {
        List<NodeId> ids = IntStream.of(members).mapToObj(NodeId::of).toList();
        if (!cluster.runUntil(() -> cluster.isOneRing(ids), FORMED)) {
            violated.putIfAbsent("a ring forms in time", cluster.state());
            return;
        }
        List<ChangeCause> first = told(cluster.node(members[0]));
        for (int member : members) {
            List<ChangeCause> causes = told(cluster.node(member));
            if (!causes.equals(first)) {
                violated.putIfAbsent("members are told the same causes", first + ", " + causes);
            }
            if (causes.stream().noneMatch(wanted)) {
                violated.putIfAbsent("the cause is named", causes + " at node " + member);
            }
            if (!causes.stream().allMatch(allowed)) {
                violated.putIfAbsent("no other cause is named", causes + " at node " + member);
            }
        }
    }

    private static List<ChangeCause> told(SimNode node) {
        return node.configuration().map(ConfigChange::causes).orElse(List.of());
    }

    private static boolean isSilent(ChangeCause cause, int node) {
        return cause instanceof ChangeCause.MemberSilent silent && is(silent.member(), node);
    }

    /** @param node 0 for anybody */
    private static boolean hasLeft(ChangeCause cause, int node) {
        return cause instanceof ChangeCause.MemberLeft left && (node == 0 || is(left.member(), node));
    }

    private static boolean isLoss(ChangeCause cause) {
        return cause instanceof ChangeCause.TokenLost || cause instanceof ChangeCause.CommitLost;
    }

    private static boolean is(NodeId id, int value) {
        return id.value() == value;
    }
}
