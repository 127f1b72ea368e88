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
 * nothing of any network.
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

    private static final long NEVER = -1;

    private final int networks;
    private final NetworkWatch watch;
    private final Map<NodeId, Heard> members = new TreeMap<>();
    private final State[] states;
    private int avoided;
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
        private int looks;
        private long lagNanos;
    }

    NetworkMonitor(int networks, NetworkWatch watch) {
        this.networks = networks;
        this.watch = watch;
        this.states = new State[networks];
        Arrays.setAll(states, any -> new State());
    }

    /** These others take part in the ring: what they say counts. */
    void partners(Collection<NodeId> others) {
        members.keySet().retainAll(others);
        others.forEach(other -> members.computeIfAbsent(other, any -> new Heard(networks)));
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
        int others = 0;
        for (int network = 0; network < networks; network++) {
            look(network, laggard(network), nowNanos);
        }
        for (Heard member : members.values()) {
            if (member.isKnown && nowNanos - member.atNanos < TOLD_NANOS) {
                others |= member.faulty;
            }
        }
        avoided = faulty() | (others & all());
    }

    private void look(int network, @Nullable NodeId laggard, long nowNanos) {
        State state = states[network];
        if (laggard != null) {
            state.looks++;
            state.lagNanos = nowNanos;
            if (!state.isFaulty && state.looks >= LAG_LOOKS) {
                state.isFaulty = true;
                faults++;
                watch.faulty(network + 1, laggard);
            }
            return;
        }
        state.looks = 0;
        if (state.isFaulty && nowNanos - state.lagNanos >= HEAL_NANOS) {
            state.isFaulty = false;
            watch.healed(network + 1);
        }
    }

    private @Nullable NodeId laggard(int network) {
        for (Map.Entry<NodeId, Heard> entry : members.entrySet()) {
            Heard member = entry.getValue();
            long newest = NEVER;
            for (long last : member.last) {
                newest = Math.max(newest, last);
            }
            if (member.isKnown && newest - member.last[network] >= LAG_BEATS) {
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
        return avoided == all() ? 0 : avoided;
    }

    private int all() {
        return (1 << networks) - 1;
    }

    /** How often a network has become faulty. */
    long faults() {
        return faults;
    }
}
