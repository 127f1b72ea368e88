/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Nodes that want locks and to lead, again and again, and what must hold of them at every moment. One thread. */
final class SeatLife {

    private static final Duration LEASE = Duration.ofMillis(600);

    private final Simulation sim;
    private final OnNodes<FencedLock> locks;
    private final OnNodes<LeaderElection> elections;
    private final List<Held> leases = new ArrayList<>();
    private final Map<String, Position> greatest = new HashMap<>();
    private final Map<Position, Integer> terms = new HashMap<>();
    private final Map<Integer, Leadership> told = new HashMap<>();
    private int granted;

    private record Held(Lease lease, FencedLock by) {}

    SeatLife(Simulation sim, int votes) {
        this.sim = sim;
        this.locks = new OnNodes<>(
                sim, FencedLock.of("locks", Quorum.majority(votes)).lease(LEASE));
        this.elections = new OnNodes<>(
                sim, LeaderElection.of("elections", Quorum.majority(votes)).lease(LEASE));
        elections.onOpen(election -> {
            int id = election.member().node().value();
            election.candidate("boss", id % 2).subscribe(now -> told(id, now), stopped -> {});
        });
        sim.always(this::checkNow);
    }

    private void told(int id, Leadership now) {
        told.put(id, now);
        if (now.isOwn()) {
            Position term = now.term().orElseThrow();
            assertThat(terms.keySet())
                    .as("terms grow")
                    .allMatch(known -> known.equals(term) || known.compareTo(term) < 0);
            Integer known = terms.putIfAbsent(term, id);
            assertThat(known == null || known == id).as("one leader of a term").isTrue();
        }
    }

    /** At this moment, by everybody's clock. */
    private void checkNow() {
        leases.removeIf(held -> !held.lease().isHeld() || !isLive(held.by()));
        Map<String, Held> holders = new HashMap<>();
        for (Held held : leases) {
            Held other = holders.put(held.lease().name(), held);
            assertThat(other).as("holders of lock " + held.lease().name()).isNull();
        }
        assertThat(elections.up().stream()
                        .filter(elections::isOpen)
                        .filter(id -> elections.on(id).isLeading("boss"))
                        .toList())
                .as("leaders")
                .hasSizeLessThanOrEqualTo(1);
    }

    /** A process that is dead holds nothing, whatever it believed. */
    private boolean isLive(FencedLock block) {
        int id = block.member().node().value();
        return locks.isOpen(id) && locks.on(id) == block;
    }

    /** Each node wants one of two locks every so often, and keeps it for a while. */
    void use(Duration every, Duration time) {
        Flux.interval(every)
                .take(time)
                .subscribe(tick -> locks.up().forEach(id -> {
                    if (locks.isOpen(id)) {
                        want(id).subscribe(done -> {}, failed -> {});
                    }
                }));
    }

    private Mono<Position> want(int id) {
        String name = "lock" + sim.random().nextInt(2);
        Duration keep = Duration.ofMillis(sim.random().nextInt(200));
        boolean isImpatient = sim.random().nextInt(4) == 0;
        Mono<Lease> acquiring = isImpatient
                ? locks.on(id).acquire(name, Duration.ofMillis(1 + sim.random().nextInt(300)))
                : locks.on(id).acquire(name);
        FencedLock block = locks.on(id);
        return acquiring
                .doOnNext(lease -> granted(lease, block))
                .delayElement(keep)
                .flatMap(Lease::release);
    }

    private void granted(Lease lease, FencedLock block) {
        granted++;
        leases.add(new Held(lease, block));
        Position before = greatest.put(lease.name(), lease.position());
        assertThat(before == null || before.compareTo(lease.position()) < 0)
                .as("tokens of lock " + lease.name() + " grow: " + before + " before " + lease.position())
                .isTrue();
        checkNow();
    }

    /** Who leads, as far as the nodes say. */
    Optional<Integer> leader() {
        return elections.up().stream()
                .filter(elections::isOpen)
                .filter(id -> elections.on(id).isLeading("boss"))
                .findFirst();
    }

    boolean isInState(int id) {
        return locks.isInState(id) && elections.isInState(id);
    }

    void check(int nodes) {
        locks.awaitInState(nodes);
        elections.awaitInState(nodes);
        sim.run(Duration.ofSeconds(4));
        assertThat(granted).as("leases granted").isPositive();
        for (int id = 1; id <= nodes; id++) {
            Optional<Lease> lease = sim.await(locks.on(id).acquire("lock" + id % 2), OnNodes.LIMIT);
            assertThat(lease).as("a lock that nobody holds").isPresent();
            sim.await(lease.orElseThrow().release(), OnNodes.LIMIT);
        }
        assertThat(told.values().stream().map(Leadership::leader).distinct())
                .as("the leader at the end")
                .hasSize(1);
        assertThat(told.get(1).leader()).as("the leader at the end").isPresent();
        int leader = told.get(1).leader().orElseThrow().value();
        assertThat(elections.on(leader).isLeading("boss")).isTrue();
    }
}
