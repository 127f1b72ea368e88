/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import static dev.totem.core.NodeHealth.Code.HELD_BACK;
import static dev.totem.core.NodeHealth.Code.NETWORK_FAULTY;
import static dev.totem.core.NodeHealth.Code.NOT_PRIMARY;
import static dev.totem.core.NodeHealth.Code.NO_RING;
import static dev.totem.core.NodeHealth.Code.QUORUM_DIFFERS;
import static dev.totem.core.NodeHealth.Code.SETTINGS_DIFFER;
import static dev.totem.core.NodeHealth.Code.STANDS_STILL;
import static dev.totem.core.NodeHealth.Code.STUCK;
import static dev.totem.core.NodeHealth.Code.UNPROVEN;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeHealth.Reason;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.internal.membership.RingAgreement;
import dev.totem.core.internal.membership.RingQuorum;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.protocol.RingObserver;
import dev.totem.core.internal.protocol.RingPhase;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** What is to be said of a running node: written by the loop only, read by any thread. */
public final class HealthWatch implements RingObserver {

    private static final Duration STUCK_LEAST = Duration.ofSeconds(30);
    private static final int STUCK_TOKENS = 10;

    /** The first that comes back may have been sent before. */
    private static final int TOKENS_THAT_PROVE = 2;

    private static final long NEVER = Long.MIN_VALUE;

    private final long tokenNanos;
    private final long stuckNanos;
    private final LongSupplier nowNanos;
    private final AtomicLong ranNanos;
    private final Sightings sightings;
    private volatile State state;

    private int membersNow = 1;
    private List<NodeId> members = List.of();

    /**
     * What holds until something changes it.
     *
     * @param search since when and why there is no ring; empty in one
     * @param lack why the ring may not decide; empty if it may
     * @param otherQuorum members with another quorum
     * @param differences settings of members that are not as here
     * @param toProve tokens that have to come until the new life is proven
     */
    private record State(
            long searchNanos,
            String search,
            String lack,
            List<NodeId> otherQuorum,
            int differences,
            int toProve,
            boolean isHeldBack) {

        State searching(long since, String why) {
            return new State(since, why, lack, otherQuorum, differences, toProve, isHeldBack);
        }

        State decided(String why, List<NodeId> others) {
            return new State(searchNanos, search, why, others, differences, toProve, isHeldBack);
        }

        State differing(int settings) {
            return new State(searchNanos, search, lack, otherQuorum, settings, toProve, isHeldBack);
        }

        State proving(int tokens) {
            return new State(searchNanos, search, lack, otherQuorum, differences, tokens, isHeldBack);
        }

        State holdingBack(boolean on) {
            return new State(searchNanos, search, lack, otherQuorum, differences, toProve, on);
        }
    }

    public HealthWatch(Duration token, LongSupplier nowNanos, Sightings sightings) {
        this.tokenNanos = token.toNanos();
        this.stuckNanos = Math.max(STUCK_TOKENS * tokenNanos, STUCK_LEAST.toNanos());
        this.nowNanos = nowNanos;
        this.sightings = sightings;
        long now = nowNanos.getAsLong();
        ranNanos = new AtomicLong(now);
        state = new State(now, "the start", "", List.of(), 0, 0, false);
    }

    /** Something runs on the loop. */
    public void ran(long now) {
        ranNanos.lazySet(now);
    }

    @Override
    public void entered(RingPhase phase, String reason) {
        if (phase == RingPhase.OPERATIONAL) {
            state = state.searching(NEVER, "");
        } else if (phase == RingPhase.GATHER) {
            boolean isOn = state.searchNanos() != NEVER;
            state = state.searching(isOn ? state.searchNanos() : nowNanos.getAsLong(), reason);
        }
    }

    @Override
    public void installed(ConfigChange change) {
        sightings.installed(change);
        if (change.isRegular()) {
            members = change.members();
            membersNow = members.size();
            if (state.toProve() > 0) {
                state = state.proving(0);
            }
        }
    }

    @Override
    public void decided(Quorum quorum, RingQuorum.Verdict verdict) {
        state = state.decided(verdict.isPrimary() ? "" : QuorumLack.of(quorum, members), verdict.differing());
    }

    @Override
    public void counted(RingCounter counter, int times) {
        sightings.counted(counter, times);
        if (counter == RingCounter.TOKENS && state.toProve() > 0) {
            state = state.proving(Math.max(0, state.toProve() - times));
        }
    }

    /** What was seen of late, for who sees. */
    public Sightings sightings() {
        return sightings;
    }

    void agreed(RingAgreement agreement) {
        state = state.differing(agreement.differences());
    }

    /** The node goes on under new keys; nobody is to be convinced if nobody is there. */
    void renewed() {
        state = state.proving(membersNow > 1 ? TOKENS_THAT_PROVE : 0);
    }

    void heldBack(boolean on) {
        state = state.holdingBack(on);
    }

    /**
     * Any thread.
     *
     * @param link the statistics of the link
     */
    public NodeHealth now(Map<Statistic, Long> link) {
        long now = nowNanos.getAsLong();
        State held = state;
        return new NodeHealth(Stream.of(
                        standing(now - ranNanos.get()),
                        held(held, now),
                        sightings
                                .reasons(now)
                                .filter(seen -> seen.code() != SETTINGS_DIFFER || held.differences() == 0),
                        networks(link.getOrDefault(Statistics.LINK_NETWORKS_FAULTY, 0L)))
                .flatMap(reasons -> reasons)
                .sorted(Comparator.comparing(Reason::code))
                .toList());
    }

    private Stream<Reason> standing(long nanos) {
        return nanos <= tokenNanos
                ? Stream.empty()
                : Stream.of(new Reason(
                        nanos > stuckNanos ? STUCK : STANDS_STILL,
                        "nothing has run on the node's thread for " + millis(nanos)));
    }

    private Stream<Reason> held(State state, long now) {
        Stream.Builder<Reason> reasons = Stream.builder();
        if (state.searchNanos() != NEVER) {
            reasons.add(
                    new Reason(NO_RING, "no ring for " + millis(now - state.searchNanos()) + ": " + state.search()));
        }
        if (!state.lack().isEmpty()) {
            reasons.add(new Reason(NOT_PRIMARY, state.lack()));
        }
        if (state.toProve() > 0) {
            reasons.add(new Reason(UNPROVEN, "a new life was begun, and no token has come back since"));
        }
        if (!state.otherQuorum().isEmpty()) {
            reasons.add(new Reason(QUORUM_DIFFERS, "nodes " + state.otherQuorum() + " have another quorum"));
        }
        if (state.differences() > 0) {
            String last =
                    sightings.words(SETTINGS_DIFFER).map(words -> ": " + words).orElse("");
            reasons.add(
                    new Reason(SETTINGS_DIFFER, state.differences() + " settings of members are not as here" + last));
        }
        if (state.isHeldBack()) {
            reasons.add(new Reason(HELD_BACK, "subscribers cannot follow"));
        }
        return reasons.build();
    }

    private static Stream<Reason> networks(long faulty) {
        return faulty == 0 ? Stream.empty() : Stream.of(new Reason(NETWORK_FAULTY, faulty + " left out"));
    }

    private static String millis(long nanos) {
        return Math.max(0, nanos) / 1_000_000 + " ms";
    }
}
