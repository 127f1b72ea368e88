/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which connection leads to a peer. Node loop only.
 *
 * <p>One a pair is enough, whoever has made it. When both sides connect at the same time, the one that the smaller address has
 * made is used by both, and the other ends when nothing is said on it any more; what arrives on either is heard.
 *
 * <p>A stranger may say that it is at the port of a member, if it is on that member's host. Its connection leads to the member
 * only as long as it is new or no other can be had; one by which authentic frames came always comes before it.
 */
final class Connections {

    /** Those that others have made and that nothing authentic came by. */
    static final int STRANGERS_MAX = 256;

    /** More than all members and candidates that a link keeps. */
    private static final int PAUSES_MAX = 4_096;

    private static final long TRUST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);

    private final Set<TcpConnection> all = new LinkedHashSet<>();
    private final Map<InetSocketAddress, List<TcpConnection>> byPeer = new HashMap<>();

    private final Map<InetSocketAddress, Pause> pauses = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Pause> eldest) {
            return size() > PAUSES_MAX;
        }
    };

    private record Pause(long untilNanos, long nanos) {}

    void add(TcpConnection connection) {
        all.add(connection);
        file(connection);
    }

    /** It is known by now where it leads. */
    void greeted(TcpConnection connection) {
        if (!connection.isDialled()) {
            file(connection);
        }
        InetSocketAddress peer = connection.peer();
        if (peer != null) {
            pauses.remove(peer);
        }
    }

    private void file(TcpConnection connection) {
        InetSocketAddress peer = connection.peer();
        if (peer != null) {
            byPeer.computeIfAbsent(peer, any -> new ArrayList<>(2)).add(connection);
        }
    }

    void remove(TcpConnection connection) {
        all.remove(connection);
        InetSocketAddress peer = connection.peer();
        List<TcpConnection> same = peer == null ? null : byPeer.get(peer);
        if (same != null) {
            same.remove(connection);
            if (same.isEmpty()) {
                byPeer.remove(peer);
            }
        }
    }

    /** The best that there is; none if there is none, or only one that is better replaced. */
    Optional<TcpConnection> to(InetSocketAddress peer, InetSocketAddress self, long nowNanos) {
        TcpConnection best = best(peer, self, nowNanos);
        return best == null || isDoubtful(best, nowNanos) ? Optional.empty() : Optional.of(best);
    }

    /** The best that there is, however doubtful. */
    Optional<TcpConnection> anyTo(InetSocketAddress peer, InetSocketAddress self, long nowNanos) {
        return Optional.ofNullable(best(peer, self, nowNanos));
    }

    private @Nullable TcpConnection best(InetSocketAddress peer, InetSocketAddress self, long nowNanos) {
        TcpConnection best = null;
        int bestRank = -1;
        for (TcpConnection one : byPeer.getOrDefault(peer, List.of())) {
            int rank = one.isUsable() ? rank(one, peer, self, nowNanos) : -1;
            if (rank > bestRank) {
                best = one;
                bestRank = rank;
            }
        }
        return best;
    }

    private static int rank(TcpConnection one, InetSocketAddress peer, InetSocketAddress self, long nowNanos) {
        int trust = one.isTrusted() ? 4 : 0;
        int doubt = isDoubtful(one, nowNanos) ? 0 : 2;
        return trust + doubt + (one.isDialled() == isSmaller(self, peer) ? 1 : 0);
    }

    private static boolean isDoubtful(TcpConnection one, long nowNanos) {
        return !one.isDialled() && !one.isTrusted() && one.ageNanos(nowNanos) >= TRUST_NANOS;
    }

    private static boolean isSmaller(InetSocketAddress one, InetSocketAddress other) {
        int byHost = Arrays.compareUnsigned(
                one.getAddress().getAddress(), other.getAddress().getAddress());
        return byHost != 0 ? byHost < 0 : one.getPort() < other.getPort();
    }

    /** Whether a peer may be connected to now; then that counts as done. */
    boolean mayDial(InetSocketAddress peer, long nowNanos) {
        Pause before = pauses.get(peer);
        if (before != null && nowNanos - before.untilNanos() < 0) {
            return false;
        }
        long nanos = before == null ? PAUSE_NANOS : Math.min(2 * before.nanos(), PAUSE_NANOS_MAX);
        pauses.put(peer, new Pause(nowNanos + nanos, nanos));
        return true;
    }

    /** Of those that this node has made, those in whose place both sides use another one. */
    List<TcpConnection> spare(InetSocketAddress self, long nowNanos) {
        List<TcpConnection> spare = new ArrayList<>(0);
        byPeer.forEach((peer, some) -> {
            TcpConnection best = some.size() < 2 ? null : best(peer, self, nowNanos);
            if (best != null && best.isTrusted() && !best.isDialled()) {
                some.stream()
                        .filter(one -> one.isDialled() && nowNanos - one.saidNanos() >= TcpConnection.BEAT_NANOS / 2)
                        .forEach(spare::add);
            }
        });
        return spare;
    }

    /** The oldest of the strangers, if they are too many. */
    Optional<TcpConnection> strangerTooMany() {
        List<TcpConnection> strangers =
                all.stream().filter(one -> !one.isDialled() && !one.isTrusted()).toList();
        return strangers.size() > STRANGERS_MAX ? Optional.of(strangers.get(0)) : Optional.empty();
    }

    Collection<TcpConnection> all() {
        return List.copyOf(all);
    }
}
