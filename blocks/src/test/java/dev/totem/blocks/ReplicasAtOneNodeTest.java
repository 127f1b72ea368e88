/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.EvsHandle;
import dev.totem.core.HandleSource;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemNode;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Several replicas of one block at one node, as clients have them, and those that are gone while their node goes on. */
class ReplicasAtOneNodeTest {

    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration SHORT = Duration.ofMillis(200);

    /** Of a client at a node: gone without a word of what is built on it. */
    private static final class Place<B extends Block> implements HandleSource {

        private final TotemNode node;
        private final List<EvsHandle> handles = new ArrayList<>();
        private @Nullable B block;
        private boolean isInState;
        private boolean isOver;

        Place(Simulation sim, TotemNode node, BlockBuilder<B> builder) {
            this.node = node;
            builder.repeatable(sim.clock(), sim.random()).open(this).subscribe(opened -> {
                block = opened;
                opened.status()
                        .subscribe(
                                now -> isInState = now.phase() == StateStatus.Phase.IN_STATE,
                                stopped -> isOver = true,
                                () -> isOver = true);
            });
        }

        @Override
        public Mono<EvsHandle> handle(Scheduler scheduler) {
            return node.handle(scheduler).doOnNext(handles::add);
        }

        @Override
        public Mono<EvsHandle> handle(Scheduler scheduler, String name) {
            return node.handle(scheduler, name).doOnNext(handles::add);
        }

        void vanish() {
            handles.forEach(EvsHandle::dispose);
        }

        B block() {
            return Optional.ofNullable(block).orElseThrow();
        }

        boolean isInState() {
            return isInState && !isOver;
        }
    }

    private static <B extends Block> List<Place<B>> open(Simulation sim, BlockBuilder<B> builder, int... nodes) {
        sim.awaitOneRing();
        List<Place<B>> places = new ArrayList<>();
        for (int node : nodes) {
            places.add(new Place<>(sim, sim.node(node), builder));
        }
        awaitInState(sim, places);
        return places;
    }

    private static void awaitInState(Simulation sim, List<? extends Place<?>> places) {
        sim.runUntil(() -> places.stream().allMatch(Place::isInState), OnNodes.LIMIT);
    }

    private static <T> T await(Simulation sim, Mono<T> mono) {
        return sim.await(mono, OnNodes.LIMIT).orElseThrow();
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void eachIsAMemberOfItsOwnAndHasTheState(Simulation sim) {
        List<Place<Counters>> places = open(sim, Counters.of("c", Quorum.majority(3)), 1, 1, 2, 2, 3);
        for (Place<Counters> place : places) {
            await(sim, place.block().counter("n").addAndGet(1));
        }
        for (Place<Counters> place : places) {
            assertThat(await(sim, place.block().counter("n").getLatest())).isEqualTo(5);
        }
        assertThat(places.stream().map(place -> place.block().member())).doesNotHaveDuplicates();
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void theyCountAsOne(Simulation sim) {
        List<Place<Counters>> places = open(sim, Counters.of("c", Quorum.majority(3)), 1, 1, 1, 2, 3);
        sim.partition(1);
        sim.run(Duration.ofSeconds(3));
        assertThatThrownBy(() -> await(sim, places.get(0).block().counter("n").addAndGet(1)))
                .isInstanceOf(SendFailedException.class);
        assertThat(await(sim, places.get(3).block().counter("n").addAndGet(1))).isEqualTo(1);
        sim.heal();
        awaitInState(sim, places);
        assertThat(await(sim, places.get(1).block().counter("n").getLatest())).isEqualTo(1);
    }

    @TotemSimulation(nodes = 3, seeds = 3)
    void threeAtOneNodeDoNotBeginAnEmptyStateForThree(Simulation sim) {
        sim.awaitOneRing();
        List<Place<Counters>> places = new ArrayList<>();
        for (int node : new int[] {1, 1, 1, 2}) {
            places.add(new Place<>(sim, sim.node(node), Counters.of("c", Quorum.majority(3))));
        }
        sim.run(Duration.ofSeconds(20));
        assertThat(places).noneMatch(Place::isInState);
        places.add(new Place<>(sim, sim.node(3), Counters.of("c", Quorum.majority(3))));
        awaitInState(sim, places);
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void theLockOfOneThatVanishedIsFreeAfterItsLeaseAndNotBefore(Simulation sim) {
        List<Place<FencedLock>> places =
                open(sim, FencedLock.of("l", Quorum.majority(3)).lease(LEASE), 1, 1, 2, 3);
        Lease lease = await(sim, places.get(0).block().acquire("job"));
        List<Lease> granted = new ArrayList<>();
        places.get(1).block().acquire("job").subscribe(granted::add, Throwable::printStackTrace);
        sim.run(SHORT);
        places.get(0).vanish();
        sim.run(LEASE.dividedBy(2));
        assertThat(lease.isHeld()).isFalse();
        assertThat(granted).isEmpty();
        sim.run(LEASE.plus(SHORT));
        assertThat(granted)
                .singleElement()
                .satisfies(next -> assertThat(next.token()).isGreaterThan(lease.token()));
    }

    /** The lowest is who hands the state over, tells the time and gives up who is gone. */
    @TotemSimulation(nodes = 1, seeds = 5)
    void anotherOneDoesWhatTheLowestDidThatVanished(Simulation sim) {
        BlockBuilder<Counters> counters = Counters.of("c", Quorum.none());
        List<Place<Counters>> places = open(sim, counters, 1, 1, 1);
        await(sim, places.get(0).block().counter("n").addAndGet(7));
        for (int i = 0; i < 2; i++) {
            places.get(i).vanish();
            sim.run(SHORT);
            Place<Counters> late = new Place<>(sim, sim.node(1), counters);
            awaitInState(sim, List.of(late));
            assertThat(await(sim, late.block().counter("n").getLatest())).isEqualTo(7);
        }
    }

    @TotemSimulation(nodes = 1, seeds = 5)
    void whenAllHaveVanishedAnEmptyStateBegins(Simulation sim) {
        BlockBuilder<Counters> counters = Counters.of("c", Quorum.none());
        List<Place<Counters>> places = open(sim, counters, 1, 1);
        await(sim, places.get(0).block().counter("n").addAndGet(7));
        places.forEach(Place::vanish);
        sim.run(SHORT);
        List<Place<Counters>> next = open(sim, counters, 1, 1);
        assertThat(await(sim, next.get(1).block().counter("n").addAndGet(1))).isEqualTo(1);
    }

    /** Whoever only gets the state when nobody is left who has it says so, and can be opened again. */
    @TotemSimulation(nodes = 2, seeds = 10)
    void whoIsLeftWithoutTheStateDoesNotWaitForEver(Simulation sim) {
        BlockBuilder<Counters> counters = Counters.of("c", Quorum.none());
        List<Place<Counters>> places = open(sim, counters, 1);
        await(sim, places.get(0).block().counter("n").addAndGet(7));
        Place<Counters> late = new Place<>(sim, sim.node(2), counters);
        sim.run(Duration.ofMillis(sim.random().nextInt(0, 10)));
        places.get(0).vanish();
        sim.run(Duration.ofSeconds(2));
        if (late.isOver) {
            late = new Place<>(sim, sim.node(2), counters);
        }
        awaitInState(sim, List.of(late));
    }

    /** Clients come and vanish, their nodes crash and part: what was answered stays, and a lock has one holder at a time. */
    @TotemSimulation(nodes = 3, seeds = 40)
    void noneOfItLosesWhatWasAnswered(Simulation sim) {
        List<Place<Counters>> places = open(sim, Counters.of("c", Quorum.majority(3)), 1, 1, 2, 2, 3, 3);
        long[] answered = {0};
        long[] unknown = {0};
        for (int round = 0; round < 12; round++) {
            int one = sim.random().nextInt(0, places.size());
            Place<Counters> asked = places.get(sim.random().nextInt(0, places.size()));
            for (int i = 0; i < 3; i++) {
                asked.block().counter("n").addAndGet(1).subscribe(sum -> answered[0]++, failed -> {
                    if (!Registers.isRefused(failed)) {
                        unknown[0]++;
                    }
                });
            }
            sim.run(Duration.ofMillis(sim.random().nextInt(0, 30)));
            int node = one / 2 + 1;
            switch (sim.random().nextInt(0, 3)) {
                case 0 -> places.get(one).vanish();
                case 1 -> sim.partition(node);
                default -> {
                    sim.crash(node);
                    sim.run(Duration.ofMillis(sim.random().nextInt(0, 1_500)));
                    sim.restart(node);
                }
            }
            sim.run(Duration.ofMillis(sim.random().nextInt(0, 1_500)));
            sim.heal();
            sim.awaitOneRing();
            for (int i = 0; i < places.size(); i++) {
                if (places.get(i).isOver || places.get(i).node != sim.node(i / 2 + 1)) {
                    places.set(i, new Place<>(sim, sim.node(i / 2 + 1), Counters.of("c", Quorum.majority(3))));
                }
            }
            awaitInState(sim, places);
        }
        sim.run(Duration.ofSeconds(5));
        List<Long> sums = places.stream()
                .map(place -> await(sim, place.block().counter("n").getLatest()))
                .distinct()
                .toList();
        assertThat(sums).hasSize(1);
        assertThat(sums.get(0)).isBetween(answered[0], answered[0] + unknown[0]);
    }
}
