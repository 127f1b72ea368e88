/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** The search in virtual time, on paths of the test's own. */
class PathSearchTest {

    private static final long TOKEN = TimeUnit.SECONDS.toNanos(1);
    private static final long TRAVEL = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int ANY = 70_000;
    private static final int HEADERS = 28;
    private static final int JUMBO = 9_000 - HEADERS;
    private static final int ETHERNET = 1_500 - HEADERS;

    private final World world = new World();

    @Test
    void beginsWithWhatOrdinaryEthernetCarries() {
        world.begin(JUMBO);

        assertThat(world.search.frameBytes()).isEqualTo(ETHERNET);
        assertThat(world.search.nextNanos()).as("nobody to ask").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aJumboPathIsUsedAfterOneProbe() {
        world.begin(JUMBO).limit(2, ANY).limit(3, ANY).join();

        world.run(3 * TRAVEL);

        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);
        assertThat(world.search.probes()).isEqualTo(1);
        assertThat(world.search.nextNanos()).as("nothing more to find").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aPathThatCarriesMoreThanAnInterfaceIsNotLookedAt() {
        world.begin(500).limit(2, ANY).join();
        world.search.used();

        world.run(TOKEN);

        assertThat(world.search.frameBytes()).isEqualTo(500);
        assertThat(world.search.probes()).isZero();
    }

    @Test
    void theSmallestOfAllPathsIsFound() {
        world.begin(JUMBO).limit(2, ANY).limit(3, ETHERNET).limit(4, 4_000).join();

        world.run(10 * TOKEN);

        assertThat(world.search.frameBytes()).isEqualTo(ETHERNET);
    }

    @Test
    void anOddSizeIsFoundToASixteenth() {
        world.begin(JUMBO).limit(2, 5_000).join();

        world.run(10 * TOKEN);

        assertThat(world.search.frameBytes()).isBetween(5_000 - 5_000 / 16, 5_000);
    }

    @Test
    void aRouterThatCarriesLessThanEthernetIsNoticedByTheFirstFrames() {
        world.begin(ETHERNET).limit(2, 1_400 - HEADERS).join();
        world.search.used();

        long lowered = world.runUntil(() -> world.search.frameBytes() < 1_400, TOKEN);
        assertThat(lowered).isLessThanOrEqualTo(TOKEN / 2);
        world.run(3 * TOKEN);

        assertThat(world.search.frameBytes()).isEqualTo(1_400 - HEADERS);
    }

    @Test
    void nothingIsSentWhileNothingLargeIs() {
        world.begin(ETHERNET).limit(2, ANY).join();

        world.run(100 * TOKEN);

        assertThat(world.search.probes()).isZero();
    }

    @Test
    void aSizeInUseIsCheckedFourTimesInATokenTimeout() {
        world.begin(ETHERNET).limit(2, ANY).join();
        world.isBusy = true;

        world.run(10 * TOKEN);

        assertThat(world.search.probes()).isBetween(35L, 41L);
        assertThat(world.search.holes()).isZero();
    }

    @Test
    void aBlackHoleIsNoticedInLessThanATokenTimeout() {
        world.begin(JUMBO).limit(2, ANY).limit(3, ANY).join();
        world.isBusy = true;
        world.run(TOKEN);
        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);

        world.limit(3, ETHERNET);
        long lowered = world.runUntil(() -> world.search.frameBytes() < JUMBO, 2 * TOKEN);

        assertThat(lowered).isLessThan(3 * TOKEN / 4);
        world.run(2 * TRAVEL + 1);
        assertThat(world.said).contains("lowered to 1200: 8972 at 3");
        assertThat(world.search.frameBytes())
                .as("the common size is tried first")
                .isEqualTo(ETHERNET);
        world.run(10 * TOKEN);
        assertThat(world.search.frameBytes()).isEqualTo(ETHERNET);
        assertThat(world.search.holes()).isEqualTo(1);
    }

    @Test
    void onAFarPathABlackHoleIsNoticedAsWell() {
        world.travelNanos = TOKEN / 6;
        world.begin(JUMBO).limit(2, ANY).join();
        world.isBusy = true;
        world.run(2 * TOKEN);
        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);

        world.limit(2, ETHERNET);
        long lowered = world.runUntil(() -> world.search.frameBytes() < JUMBO, 3 * TOKEN);

        assertThat(lowered).isLessThan(3 * TOKEN / 2);
    }

    @Test
    void whoIsSilentSaysNothingOfSizes() {
        world.begin(JUMBO).limit(2, ANY).limit(3, ANY).join();
        world.isBusy = true;
        world.run(TOKEN);

        world.limit(3, 0);
        world.run(20 * TOKEN);
        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);
        assertThat(world.search.holes()).isZero();

        world.limit(3, ANY);
        world.run(TOKEN);
        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);
    }

    @Test
    void aMemberThatConfirmsNothingLeavesAllWithTheStartAndCostsLittle() {
        world.begin(JUMBO).limit(2, ANY).limit(3, 0).join();
        world.isBusy = true;

        world.run(60 * TOKEN);

        assertThat(world.search.frameBytes()).isEqualTo(ETHERNET);
        assertThat(world.search.holes()).isZero();
        assertThat(world.search.probes()).isLessThan(60 * 2 * PathSearch.ATTEMPTS_MAX);
        long before = world.search.probes();
        world.isBusy = false;
        world.run(600 * TOKEN);
        assertThat(world.search.probes() - before).isLessThan(10 * 2 * PathSearch.ATTEMPTS_MAX);
    }

    @Test
    void whenThatMemberLeavesTheOthersHaveTheirs() {
        world.begin(JUMBO).limit(2, ANY).limit(3, 0).join();
        world.run(5 * TOKEN);

        world.leave(3);
        world.run(3 * TRAVEL);

        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);
    }

    @Test
    void aNewMemberBeginsWithTheStart() {
        world.begin(JUMBO).limit(2, ANY).join();
        world.run(TOKEN);
        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);

        world.limit(3, ANY).join();
        assertThat(world.search.frameBytes()).isEqualTo(ETHERNET);
        world.run(3 * TRAVEL);

        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);
    }

    @Test
    void whatWasConfirmedHoldsInTheNextRingOfTheSameMembers() {
        world.begin(JUMBO).limit(2, ANY).limit(3, ANY).join();
        world.run(TOKEN);

        world.join();

        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);
    }

    @Test
    void aPathThatCarriesMoreAgainIsUsedAfterAPause() {
        world.begin(JUMBO).limit(2, ETHERNET).join();
        world.run(5 * TOKEN);
        assertThat(world.search.frameBytes()).isEqualTo(ETHERNET);

        world.limit(2, ANY);
        world.run(2 * PathSearch.PAUSE_LEAST_NANOS);

        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);
    }

    @Test
    void aPathThatKeepsChangingIsTriedMoreAndMoreRarely() {
        world.begin(JUMBO).limit(2, ANY).join();
        world.isBusy = true;
        world.run(TOKEN);

        for (int hour = 0; hour < 2; hour++) {
            for (int minute = 0; minute < 60; minute++) {
                world.limit(2, ETHERNET);
                world.run(30 * TOKEN);
                world.limit(2, ANY);
                world.run(30 * TOKEN);
            }
        }

        assertThat(world.search.holes()).isLessThan(20);
    }

    @Test
    void aLossyPathKeepsItsSize() {
        world.begin(JUMBO).limit(2, ANY).limit(3, ANY).join();
        world.isBusy = true;
        world.lossEvery = 5;

        world.run(120 * TOKEN);

        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);
        assertThat(world.search.holes()).isZero();
    }

    @Test
    void aPausedMemberWhoseBufferHadRoomForSmallFramesOnlyKeepsItsSize() {
        for (long pause = TOKEN / 16; pause < 2 * TOKEN; pause += TOKEN / 16) {
            World paused = new World();
            paused.begin(JUMBO).limit(2, ANY).limit(3, ANY).join();
            paused.isBusy = true;
            paused.run(TOKEN);

            paused.pause(3, PathSearch.SMALL_BYTES);
            paused.run(pause);
            paused.resume();
            paused.run(10 * TOKEN);

            assertThat(paused.said).as("pause of %d ns", pause).containsExactly("raised to 8972");
            assertThat(paused.search.frameBytes()).isEqualTo(JUMBO);
        }
    }

    @Test
    void aBlackHoleThatBeginsInAPauseIsNoticedAfterIt() {
        world.begin(JUMBO).limit(2, ANY).limit(3, ANY).join();
        world.isBusy = true;
        world.run(TOKEN);

        world.pause(3, PathSearch.SMALL_BYTES);
        world.run(TOKEN / 2);
        world.limit(3, ETHERNET).resume();
        long lowered = world.runUntil(() -> world.search.frameBytes() < JUMBO, 2 * TOKEN);

        assertThat(lowered).isLessThan(3 * TOKEN / 2);
    }

    @Test
    void numbersThatWereNotSentConfirmNothing() {
        world.begin(JUMBO).limit(2, 0).join();
        world.run(TRAVEL);
        long now = world.nowNanos;

        for (long number = -1_000; number < 1_000; number++) {
            if (number != World.FIRST && number != World.FIRST + 1) {
                world.search.confirmed(NodeId.of(2), number, now);
            }
        }
        world.search.confirmed(NodeId.of(2), Long.MAX_VALUE, now);
        world.search.confirmed(NodeId.of(2), Long.MIN_VALUE, now);
        world.search.confirmed(NodeId.of(9), World.FIRST, now);
        assertThat(world.search.frameBytes()).isEqualTo(ETHERNET);

        world.search.confirmed(NodeId.of(2), World.FIRST, now);
        assertThat(world.search.frameBytes()).isEqualTo(JUMBO);
    }

    @Test
    void aMemberThatClaimsToGetNoLargeFramesCostsLengthOnly() {
        world.begin(JUMBO).limit(2, ANY).limit(3, PathSearch.SMALL_BYTES).join();
        world.isBusy = true;

        world.run(60 * TOKEN);

        assertThat(world.search.frameBytes()).isEqualTo(PathSizes.LEAST);
        assertThat(world.search.probes()).isLessThan(600);
    }

    @Test
    void confirmingTheFirstSmallFrameThatWasNotSentCountsForNothing() {
        PathRound round = new PathRound(JUMBO, true, 1, 0);
        round.attempt(0, PathSearch.SMALL_BYTES, 0);
        round.confirmed(NodeId.of(2), 1);
        for (int attempt = 1; attempt < PathSearch.MISSES_MAX; attempt++) {
            round.attempt(2L * attempt, PathSearch.SMALL_BYTES, attempt);
            round.confirmed(NodeId.of(2), 2L * attempt + 1);
            round.confirmed(NodeId.of(2), 2L * attempt + 1);
        }

        assertThat(round.missing()).isEmpty();
        round.attempt(2L * PathSearch.MISSES_MAX, PathSearch.SMALL_BYTES, PathSearch.MISSES_MAX);
        round.confirmed(NodeId.of(2), 2L * PathSearch.MISSES_MAX + 1);
        assertThat(round.missing()).containsExactly(NodeId.of(2));
    }

    /** Members at the ends of paths that carry frames up to a length, and confirm what comes. */
    private static final class World implements PathWatch {

        static final long FIRST = 77;

        private final SortedMap<NodeId, Integer> limits = new TreeMap<>();
        private final PriorityQueue<Confirmed> underWay = new PriorityQueue<>();
        private final List<String> said = new ArrayList<>();
        private PathSearch search = new PathSearch(PathSizes.of(JUMBO, HEADERS), TOKEN, FIRST, this);
        private long nowNanos;
        private long travelNanos = TRAVEL;
        private boolean isBusy;
        private int lossEvery;
        private int sent;

        /** Who reads nothing now, what its buffer has room for, and what is in it. */
        private NodeId paused = NodeId.of(9_999);

        private int room;
        private final List<Long> unread = new ArrayList<>();

        private record Confirmed(long atNanos, NodeId by, long number) implements Comparable<Confirmed> {
            @Override
            public int compareTo(Confirmed other) {
                return Long.compare(atNanos, other.atNanos);
            }
        }

        World begin(int most) {
            search = new PathSearch(PathSizes.of(most, HEADERS), TOKEN, FIRST, this);
            return this;
        }

        World limit(int node, int frameBytes) {
            limits.put(NodeId.of(node), frameBytes);
            return this;
        }

        void join() {
            search.partners(Set.copyOf(limits.keySet()), nowNanos);
        }

        void leave(int node) {
            limits.remove(NodeId.of(node));
            join();
        }

        void pause(int node, int frameBytes) {
            paused = NodeId.of(node);
            room = frameBytes;
        }

        void resume() {
            unread.forEach(number -> underWay.add(new Confirmed(nowNanos + travelNanos, paused, number)));
            unread.clear();
            paused = NodeId.of(9_999);
        }

        void run(long nanos) {
            runUntil(() -> false, nanos);
        }

        /** How long it took. */
        long runUntil(java.util.function.BooleanSupplier holds, long nanos) {
            long began = nowNanos;
            long until = nowNanos + nanos;
            while (!holds.getAsBoolean()) {
                if (isBusy) {
                    search.used();
                }
                LongSupplier arrival = () -> underWay.isEmpty() ? Long.MAX_VALUE : underWay.element().atNanos;
                long next = Math.min(search.nextNanos(), arrival.getAsLong());
                if (next > until) {
                    nowNanos = until;
                    return until - began;
                }
                nowNanos = Math.max(nowNanos, next);
                while (arrival.getAsLong() <= nowNanos) {
                    Confirmed confirmed = underWay.remove();
                    search.confirmed(confirmed.by, confirmed.number, nowNanos);
                }
                search.due(nowNanos).forEach(this::send);
            }
            return nowNanos - began;
        }

        private void send(PathSearch.Probe probe) {
            for (NodeId node : new TreeSet<>(limits.keySet())) {
                sent++;
                boolean isLost = lossEvery > 0 && sent % lossEvery == 0;
                if (isLost || probe.frameBytes() > limits.getOrDefault(node, 0)) {
                    continue;
                }
                if (!node.equals(paused)) {
                    underWay.add(new Confirmed(nowNanos + 2 * travelNanos, node, probe.number()));
                } else if (probe.frameBytes() <= room) {
                    unread.add(probe.number());
                }
            }
        }

        @Override
        public void raised(int frameBytes) {
            said.add("raised to " + frameBytes);
        }

        @Override
        public void lowered(int frameBytes, int lostBytes, NodeId by) {
            said.add("lowered to " + frameBytes + ": " + lostBytes + " at " + by);
        }
    }
}
