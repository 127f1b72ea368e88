/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.testkit.Simulation;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What happens to nodes with blocks on them, and what must hold: for the proof, and to show that it catches defects. One thread. */
public final class BlockSchedules {

    private static final Duration EVERY = Duration.ofMillis(60);
    private static final Duration TIME = Duration.ofSeconds(3);
    private static final int CRASHES = 2;
    private static final int LATE = 4;
    private static final int MUTE = 4;

    private BlockSchedules() {}

    /** By name, as a class loader of its own finds it: "map", "map-crash", "map-parts", "map-mute", "seats", "seats-crash", "seats-parts",
     * "seats-late", "speakers", "sums", "words" or "words-crash". */
    public static Consumer<Simulation> of(String name, int nodes) {
        return switch (name) {
            case "sums" -> SumLife::oneGoesWrong;
            case "map-mute" -> sim -> mute(sim, nodes);
            case "words" -> sim -> WordLife.parts(sim, nodes);
            case "words-crash" -> sim -> WordLife.crashesWhilePartsMeet(sim, nodes);
            case "seats-late" -> sim -> late(sim, nodes);
            case "speakers" -> sim -> speakers(sim, nodes);
            default -> sim -> run(name, nodes, sim);
        };
    }

    private static void run(String name, int nodes, Simulation sim) {
        IntPredicate isInState;
        Runnable use;
        Runnable check;
        if (name.startsWith("map")) {
            MapLife life = new MapLife(sim, nodes);
            isInState = life::isInState;
            use = () -> life.use(EVERY, TIME);
            check = () -> life.check(nodes);
        } else {
            SeatLife life = new SeatLife(sim, nodes);
            isInState = life::isInState;
            use = () -> life.use(EVERY, TIME);
            check = () -> life.check(nodes);
        }
        sim.runUntil(() -> areInState(sim, nodes, isInState), OnNodes.LIMIT);
        use.run();
        if (name.endsWith("crash")) {
            crashes(sim, nodes, isInState);
        } else if (name.endsWith("parts")) {
            parts(sim, nodes);
        }
        sim.run(TIME);
        sim.settle();
        check.run();
    }

    private static boolean areInState(Simulation sim, int nodes, IntPredicate isInState) {
        return sim.nodes().size() == nodes && IntStream.rangeClosed(1, nodes).allMatch(isInState);
    }

    /** One at a time: a majority that has the state lives on. */
    private static void crashes(Simulation sim, int nodes, IntPredicate isInState) {
        for (int i = 0; i < CRASHES; i++) {
            sim.runUntil(() -> areInState(sim, nodes, isInState), OnNodes.LIMIT);
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 500)));
            int victim = sim.random().nextInt(1, nodes + 1);
            sim.crash(victim);
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 1_500)));
            sim.restart(victim);
        }
    }

    /** What a node says last gets to nobody: it delivers it itself, in a transitional configuration. */
    private static void mute(Simulation sim, int nodes) {
        MapLife life = new MapLife(sim, nodes);
        sim.runUntil(() -> areInState(sim, nodes, life::isInState), OnNodes.LIMIT);
        life.use(EVERY, TIME);
        for (int i = 0; i < MUTE; i++) {
            sim.runUntil(() -> areInState(sim, nodes, life::isInState), OnNodes.LIMIT);
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 300)));
            int mute = sim.random().nextInt(1, nodes + 1);
            IntStream.rangeClosed(1, nodes).filter(id -> id != mute).forEach(id -> sim.cut(mute, id));
            life.useNow(mute);
            sim.run(Duration.ofMillis(sim.random().nextInt(300, 1_200)));
            IntStream.rangeClosed(1, nodes).filter(life::isInState).forEach(life::useNow);
            sim.run(Duration.ofMillis(200));
            sim.heal();
        }
        sim.settle();
        life.check(nodes);
    }

    /** Who leads hears late what it has sent itself, when the others have gone on without it for long. */
    private static void late(Simulation sim, int nodes) {
        SeatLife life = new SeatLife(sim, nodes);
        sim.runUntil(() -> areInState(sim, nodes, life::isInState), OnNodes.LIMIT);
        life.use(EVERY, TIME);
        for (int i = 0; i < LATE; i++) {
            sim.runUntil(
                    () -> areInState(sim, nodes, life::isInState)
                            && life.leader().isPresent(),
                    OnNodes.LIMIT);
            sim.delay(Duration.ofMillis(4), Duration.ofMillis(4));
            sim.run(Duration.ofMillis(sim.random().nextInt(100, 200)));
            int leader = life.leader().orElse(1);
            sim.slowSubscriber(leader, Duration.ofMillis(sim.random().nextInt(800, 2_000)));
            sim.run(Duration.ofMillis(sim.random().nextInt(80)));
            sim.partition(leader);
            sim.run(Duration.ofMillis(2_500));
            sim.heal();
        }
        sim.settle();
        life.check(nodes);
    }

    /** Nobody misses anything when one goes, so nothing is handed over. */
    private static void speakers(Simulation sim, int nodes) {
        MapLife life = new MapLife(sim, nodes);
        sim.runUntil(() -> areInState(sim, nodes, life::isInState), OnNodes.LIMIT);
        for (int gone = 1; gone <= nodes; gone++) {
            int away = gone;
            sim.runUntil(() -> areInState(sim, nodes, life::isInState), OnNodes.LIMIT);
            int[] others =
                    IntStream.rangeClosed(1, nodes).filter(id -> id != away).toArray();
            int before = timesBehind(life, others);
            sim.partition(away);
            sim.run(TIME);
            assertThat(timesBehind(life, others))
                    .as("transfers to those who missed nothing")
                    .isEqualTo(before);
            sim.heal();
            sim.awaitOneRing();
        }
        life.check(nodes);
    }

    private static int timesBehind(MapLife life, int[] ids) {
        return IntStream.of(ids).map(life.maps()::timesBehind).sum();
    }

    /** Also faster than a ring forms. */
    private static void parts(Simulation sim, int nodes) {
        for (int i = 0; i < 8; i++) {
            sim.heal();
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 600)));
            int pivot = sim.random().nextInt(1, nodes + 1);
            sim.partition(pivot);
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 700)));
            sim.partition(pivot, pivot % nodes + 1);
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 300)));
        }
        sim.heal();
    }
}
