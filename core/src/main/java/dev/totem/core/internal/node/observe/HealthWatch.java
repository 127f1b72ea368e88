/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import static dev.totem.core.NodeHealth.Code.HELD_BACK;
import static dev.totem.core.NodeHealth.Code.KEPT_OUT;
import static dev.totem.core.NodeHealth.Code.KEY_DIFFERS;
import static dev.totem.core.NodeHealth.Code.KEY_LACKING;
import static dev.totem.core.NodeHealth.Code.NETWORK_FAULTY;
import static dev.totem.core.NodeHealth.Code.NOT_PRIMARY;
import static dev.totem.core.NodeHealth.Code.NO_RING;
import static dev.totem.core.NodeHealth.Code.QUORUM_DIFFERS;
import static dev.totem.core.NodeHealth.Code.SETTINGS_DIFFER;
import static dev.totem.core.NodeHealth.Code.STANDS_STILL;
import static dev.totem.core.NodeHealth.Code.STUCK;
import static dev.totem.core.NodeHealth.Code.SUITE_DIFFERS;
import static dev.totem.core.NodeHealth.Code.UNPROVEN;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeHealth.Code;
import dev.totem.core.NodeHealth.Reason;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.internal.membership.CandidateSets;
import dev.totem.core.internal.membership.RingAgreement;
import dev.totem.core.internal.membership.RingQuorum;
import dev.totem.core.internal.protocol.GatherReason;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.protocol.RingObserver;
import dev.totem.core.internal.protocol.RingPhase;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** What is to be said of a running node: written by the loop only, read by any thread. */
public final class HealthWatch implements RingObserver {

    private static final Duration STUCK_LEAST = Duration.ofSeconds(30);
    private static final int STUCK_TOKENS = 10;

    /** The first that comes back may have been sent before. */
    private static final int TOKENS_THAT_PROVE = 2;

    /** While nobody has opened a frame of this node, it may be this one that has the wrong key. */
    private static final Set<Code> NOT_OPENED = EnumSet.of(KEY_DIFFERS, KEY_LACKING, SUITE_DIFFERS);

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
     * @param hasMet whether it was in a ring with others
     * @param toProve tokens that have to come until the new life is proven
     */
    private record State(
            long searchNanos,
            String search,
            String lack,
            List<NodeId> otherQuorum,
            int differences,
            boolean hasMet,
            int toProve,
            boolean isHeldBack) {

        State searching(long since, String why) {
            return new State(since, why, lack, otherQuorum, differences, hasMet, toProve, isHeldBack);
        }

        State meeting(boolean others) {
            return new State(
                    searchNanos, search, lack, otherQuorum, differences, hasMet || others, toProve, isHeldBack);
        }

        State decided(String why, List<NodeId> others) {
            return new State(searchNanos, search, why, others, differences, hasMet, toProve, isHeldBack);
        }

        State differing(int settings) {
            return new State(searchNanos, search, lack, otherQuorum, settings, hasMet, toProve, isHeldBack);
        }

        State proving(int tokens) {
            return new State(searchNanos, search, lack, otherQuorum, differences, hasMet, tokens, isHeldBack);
        }

        State holdingBack(boolean on) {
            return new State(searchNanos, search, lack, otherQuorum, differences, hasMet, toProve, on);
        }
    }

    public HealthWatch(Duration token, LongSupplier nowNanos, Sightings sightings) {
        this.tokenNanos = token.toNanos();
        this.stuckNanos = Math.max(STUCK_TOKENS * tokenNanos, STUCK_LEAST.toNanos());
        this.nowNanos = nowNanos;
        this.sightings = sightings;
        long now = nowNanos.getAsLong();
        ranNanos = new AtomicLong(now);
        state = new State(now, "the start", "", List.of(), 0, false, 0, false);
    }

    /** Something runs on the loop. */
    public void ran(long now) {
        ranNanos.lazySet(now);
    }

    @Override
    public void entered(RingPhase phase, String reason) {
        if (phase == RingPhase.OPERATIONAL) {
            state = state.searching(NEVER, "");
        }
    }

    @Override
    public void searching(GatherReason reason, CandidateSets sets) {
        boolean isOn = state.searchNanos() != NEVER;
        state = state.searching(
                isOn ? state.searchNanos() : nowNanos.getAsLong(),
                reason.words() + "; nodes " + sets.proc() + " may be in the next one"
                        + (sets.fail().isEmpty() ? "" : ", without " + sets.fail()));
    }

    @Override
    public void installed(ConfigChange change) {
        sightings.installed(change);
        if (change.isRegular()) {
            members = change.members();
            membersNow = members.size();
            state = state.meeting(membersNow > 1);
            if (state.toProve() > 0) {
                state = state.proving(0);
            }
        }
    }

    @Override
    public void decided(Quorum quorum, RingQuorum.Verdict verdict) {
        state = state.decided(verdict.isPrimary() ? "" : QuorumLack.of(quorum, members, verdict), verdict.differing());
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
        List<Reason> seen = sightings.reasons(now).toList();
        return new NodeHealth(Stream.of(
                        standing(now - ranNanos.get()),
                        held(held, now),
                        held.hasMet() ? Stream.<Reason>empty() : keptOut(seen),
                        seen.stream().filter(each -> each.code() != SETTINGS_DIFFER || held.differences() == 0),
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

    private static Stream<Reason> keptOut(List<Reason> seen) {
        return seen.stream()
                .filter(each -> NOT_OPENED.contains(each.code()))
                .limit(1)
                .map(each -> new Reason(
                        KEPT_OUT,
                        "in no ring with others since the start, and what is heard does not open: " + each.text()));
    }

    private static Stream<Reason> networks(long faulty) {
        return faulty == 0 ? Stream.empty() : Stream.of(new Reason(NETWORK_FAULTY, faulty + " left out"));
    }

    private static String millis(long nanos) {
        return Math.max(0, nanos) / 1_000_000 + " ms";
    }
}
