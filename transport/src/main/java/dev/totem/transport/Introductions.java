/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Who is asked for his id before anything else is sent to him: a first Join makes a new ring of those that hear it, and where a
 * list is mistaken they would make it for nobody. Node loop only.
 *
 * <p>A listed address is asked when the first frame would go there, and gets that frame when it has answered. It gets frames
 * without an answer after a while, as the answer may be lost; but none where another node than the listed one has spoken.
 */
final class Introductions {

    /** Two questions, as silent peers are tried again after 50 ms, and then the third frame. */
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Nobody asks as often; but somebody may forge the address of a peer in questions. */
    static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Map<InetSocketAddress, Standing> standings = new HashMap<>();
    private final Map<InetSocketAddress, Long> answeredNanos = new HashMap<>();
    private List<InetSocketAddress> lastMet = List.of();

    /** How one address stands. */
    private record Standing(Kind kind, long sinceNanos) {}

    private enum Kind {
        ASKED,
        MET,
        CONTRADICTED
    }

    /**
     * Of those that a frame is for, those that get it now: the same list object if they are all.
     *
     * @param toAsk those that are to be asked instead are added
     */
    List<InetSocketAddress> met(List<InetSocketAddress> to, long nowNanos, List<InetSocketAddress> toAsk) {
        if (to == lastMet) {
            return to;
        }
        List<InetSocketAddress> met = new ArrayList<>(to.size());
        for (InetSocketAddress address : to) {
            (isMet(address, nowNanos) ? met : toAsk).add(address);
        }
        if (met.size() < to.size()) {
            return met;
        }
        lastMet = to;
        return to;
    }

    private boolean isMet(InetSocketAddress address, long nowNanos) {
        Standing standing = standings.get(address);
        if (standing == null) {
            standings.put(address, new Standing(Kind.ASKED, nowNanos));
            return false;
        }
        return switch (standing.kind()) {
            case ASKED -> nowNanos - standing.sinceNanos() >= WAIT_NANOS;
            case MET -> true;
            case CONTRADICTED -> false;
        };
    }

    /** Whether a question from a listed address is answered; then it counts as answered. */
    boolean mayAnswer(InetSocketAddress address, long nowNanos) {
        Long before = answeredNanos.get(address);
        if (before != null && nowNanos - before < ANSWER_NANOS) {
            return false;
        }
        answeredNanos.put(address, nowNanos);
        return true;
    }

    /** The listed node has spoken; whether that was waited for. */
    boolean heard(InetSocketAddress address, long nowNanos) {
        Standing before = standings.get(address);
        if (before != null && before.kind() == Kind.MET) {
            return false;
        }
        standings.put(address, new Standing(Kind.MET, nowNanos));
        return before != null;
    }

    /** Another node than the listed one has spoken. */
    void contradicted(InetSocketAddress address, long nowNanos) {
        standings.put(address, new Standing(Kind.CONTRADICTED, nowNanos));
        lastMet = List.of();
    }

    boolean isMet(InetSocketAddress address) {
        Standing standing = standings.get(address);
        return standing != null && standing.kind() == Kind.MET;
    }

    /** Frames that were kept back for who answers are worth sending for so long. */
    static boolean isFresh(long keptNanos, long nowNanos) {
        return nowNanos - keptNanos < WAIT_NANOS;
    }
}
