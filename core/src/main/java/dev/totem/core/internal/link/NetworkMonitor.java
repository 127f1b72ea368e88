/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import dev.totem.core.NodeId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which networks work: the monitor of the Totem redundant ring protocol, with beats in the place of tokens and messages. One
 * thread; time is an argument.
 *
 * <p>A network on which a member lags behind what it says on another is faulty, and so it is for all: a member that hears it
 * so tells the others in its beats. It works again when nobody has lagged on it for a while. Who is silent everywhere says
 * nothing of any network; but where the last network is a group, it must be heard there first.
 */
final class NetworkMonitor {

    /** Beats that a network may lag: one may be lost, and one be under way. */
    static final int LAG_BEATS = 3;

    /** Looks at which it lags, one after the other: what waits in a socket is not lost. */
    static final int LAG_LOOKS = 2;

    /** So long a network must have worked before it is used again. */
    static final long HEAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** What a member said of the networks is forgotten when it has said nothing for so long. */
    static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** So many looks a group has until it is said that it does not work. */
    static final int TRIAL_LOOKS = 25;

    private static final long NEVER = -1;

    private final int networks;
    private final NetworkWatch watch;
    private final Map<NodeId, Heard> members = new TreeMap<>();
    private final State[] states;
    /** The bit of the last network if it has to prove itself. */
    private final int lastBit;

    private int avoided;

    /** Those that are avoided only because others say so. */
    private int told;

    private long faults;

    /** What is known of one member. */
    private static final class Heard {
        private final long[] last;
        private long life;
        private boolean isKnown;
        private int faulty;
        private long atNanos;

        Heard(int networks) {
            last = new long[networks];
        }
    }

    /** How one network stands. */
    private static final class State {
        private boolean isFaulty;

        /** It counts as faulty because nobody knows better yet. */
        private boolean isOnTrial;

        /** How often it lagged, one after the other. */
        private int looks;

        private long lagNanos;

        void tryOut() {
            if (!isFaulty) {
                isFaulty = true;
                isOnTrial = true;
                looks = 0;
            }
        }
    }

    /** @param isLastProven whether the last network counts as faulty until all members were heard there for a while */
    NetworkMonitor(int networks, boolean isLastProven, NetworkWatch watch) {
        this.networks = networks;
        this.watch = watch;
        this.states = new State[networks];
        Arrays.setAll(states, any -> new State());
        this.lastBit = isLastProven ? 1 << (networks - 1) : 0;
        this.avoided = lastBit;
        if (isLastProven) {
            states[networks - 1].tryOut();
        }
    }

    /** These others take part in the ring: what they say counts. */
    void partners(Collection<NodeId> others) {
        members.keySet().retainAll(others);
        boolean isOneNew = !members.keySet().containsAll(others);
        others.forEach(other -> members.computeIfAbsent(other, any -> new Heard(networks)));
        if (isOneNew && lastBit != 0) {
            states[networks - 1].tryOut();
            avoided |= lastBit;
        }
    }

    int members() {
        return members.size();
    }

    /** A beat came by a network. */
    void heard(NodeId from, Beat beat, long nowNanos) {
        Heard member = members.get(from);
        if (member == null || beat.network() < 0 || beat.network() >= networks) {
            return;
        }
        if (!member.isKnown || member.life != beat.life()) {
            member.isKnown = true;
            member.life = beat.life();
            Arrays.fill(member.last, beat.number() - 1);
        }
        int network = beat.network();
        member.last[network] = Math.max(member.last[network], beat.number());
        member.faulty = beat.faulty();
        member.atNanos = nowNanos;
    }

    /** Looks at all that was heard. */
    void look(long nowNanos) {
        int before = told;
        int others = 0;
        NodeId by = null;
        for (int network = 0; network < networks; network++) {
            look(network, laggard(network), nowNanos);
        }
        for (Map.Entry<NodeId, Heard> entry : members.entrySet()) {
            Heard member = entry.getValue();
            if (member.isKnown && nowNanos - member.atNanos < TOLD_NANOS) {
                by = by == null && (member.faulty & ~before & all()) != 0 ? entry.getKey() : by;
                others |= member.faulty;
            }
        }
        avoided = faulty() | (others & all());
        told = avoided & ~faulty();
        told(before, told, by);
    }

    private void look(int network, @Nullable NodeId laggard, long nowNanos) {
        State state = states[network];
        if (laggard != null) {
            state.looks++;
            state.lagNanos = nowNanos;
            boolean isFound = !state.isFaulty && state.looks >= LAG_LOOKS;
            boolean isConfirmed = state.isOnTrial && state.looks >= TRIAL_LOOKS;
            if (isFound || isConfirmed) {
                state.isFaulty = true;
                state.isOnTrial = false;
                faults++;
                watch.faulty(network + 1, laggard);
            }
            return;
        }
        state.looks = 0;
        if (state.isFaulty && nowNanos - state.lagNanos >= HEAL_NANOS) {
            state.isFaulty = false;
            state.isOnTrial = false;
            watch.healed(network + 1);
        }
    }

    /** What others say is faulty and this node finds in order. */
    private void told(int before, int now, @Nullable NodeId by) {
        for (int network = 0; network < networks; network++) {
            int bit = 1 << network;
            if ((now & bit) != 0 && (before & bit) == 0 && by != null) {
                watch.leftOut(network + 1, by);
            } else if ((before & bit) != 0 && (now & bit) == 0 && (avoided & bit) == 0) {
                watch.healed(network + 1);
            }
        }
    }

    private @Nullable NodeId laggard(int network) {
        for (Map.Entry<NodeId, Heard> entry : members.entrySet()) {
            Heard member = entry.getValue();
            long newest = NEVER;
            for (long last : member.last) {
                newest = Math.max(newest, last);
            }
            boolean isToBeProven = !member.isKnown && 1 << network == lastBit;
            if (isToBeProven || (member.isKnown && newest - member.last[network] >= LAG_BEATS)) {
                return entry.getKey();
            }
        }
        return null;
    }

    /** A bit for each network that does not work as far as this node hears. */
    int faulty() {
        int bits = 0;
        for (int network = 0; network < networks; network++) {
            bits |= states[network].isFaulty ? 1 << network : 0;
        }
        return bits;
    }

    /** A bit for each network that is not to be used, as it does not work for this node or another; never all. */
    int avoided() {
        return avoided == all() ? lastBit : avoided;
    }

    private int all() {
        return (1 << networks) - 1;
    }

    /** How often a network has become faulty. */
    long faults() {
        return faults;
    }
}
