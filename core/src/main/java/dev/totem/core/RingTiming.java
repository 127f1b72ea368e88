/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The timers of the protocol ({@code PROTOCOL.md} 5), made for JVMs on a LAN. Immutable, any thread.
 *
 * @param token time without a new token after which the ring is given up. Default 1 s, from 30 ms. Too low: pauses of the
 *     JVM break the ring; too high: a crash is noticed late
 * @param tokenRetransmit longest time after which an unacknowledged token is sent again; the first copies go out sooner,
 *     following the measured rotation. Default token ÷ 4.2
 * @param hold how long the representative keeps the token of an idle ring, less than {@code tokenRetransmit}. Default 0.8
 *     of it. Too low: an idle ring costs CPU; too high: SAFE and lost hold cancels wait
 * @param join period of Join messages while gathering. Default 50 ms
 * @param sendJoin longest random delay before each Join; above 16 candidates it is at least 0.3 ms per candidate. Default 0
 * @param consensus time after which silent processors are given up. Default 1.2 × token, at least {@code join}. Too low:
 *     paused members are split off; too high: a crash costs more
 * @param merge idle time before the representative announces its ring to others. Default 200 ms
 * @param failRecvConst token visits without progress of a member's aru before it is excluded, which takes at least one
 *     token timeout as well. Default 2500
 * @param seqnoUnchangedConst token visits without a new message before an idle ring is held. Default 30, from 3: SAFE needs
 *     two
 */
public record RingTiming(
        Duration token,
        Duration tokenRetransmit,
        Duration hold,
        Duration join,
        Duration sendJoin,
        Duration consensus,
        Duration merge,
        int failRecvConst,
        int seqnoUnchangedConst) {

    private static final Duration TIMER_MIN = Duration.ofMillis(1);
    private static final Duration TIMER_MOST = Duration.ofDays(2);
    private static final Duration TOKEN_MIN = Duration.ofMillis(30);

    public RingTiming {
        requireNonNull(token, "token");
        requireNonNull(tokenRetransmit, "tokenRetransmit");
        requireNonNull(hold, "hold");
        requireNonNull(join, "join");
        requireNonNull(sendJoin, "sendJoin");
        requireNonNull(consensus, "consensus");
        requireNonNull(merge, "merge");
        atLeast("token", token, "the least timeout", TOKEN_MIN);
        atLeast("hold", hold, "the least timer", TIMER_MIN);
        atLeast("join", join, "the least timer", TIMER_MIN);
        atLeast("merge", merge, "the least timer", TIMER_MIN);
        atLeast("consensus", consensus, "join", join);
        atLeast("send-join", sendJoin, "zero", Duration.ZERO);
        below("token-retransmit", tokenRetransmit, "token", token);
        below("hold", hold, "token-retransmit", tokenRetransmit);
        below("send-join", sendJoin, "consensus", consensus);
        atMost("token", token);
        atMost("join", join);
        atMost("consensus", consensus);
        atMost("merge", merge);
        atLeast("fail-recv-const", failRecvConst, 1);
        atLeast("seqno-unchanged-const", seqnoUnchangedConst, 3);
    }

    public static RingTiming defaults() {
        return forToken(Duration.ofSeconds(1));
    }

    /**
     * All timers for a token timeout: retransmit token ÷ 4.2, hold 0.8 × that, consensus 1.2 × token, join 50 ms and merge
     * 200 ms, the last two shorter where the token timeout is.
     */
    public static RingTiming forToken(Duration token) {
        requireNonNull(token, "token");
        atLeast("token", token, "the least timeout", TOKEN_MIN);
        atMost("token", token);
        Duration retransmit = Duration.ofNanos(token.toNanos() * 10 / 42);
        return new RingTiming(
                token,
                retransmit,
                Duration.ofNanos(retransmit.toNanos() * 8 / 10),
                least(Duration.ofMillis(50), token.dividedBy(8)),
                Duration.ZERO,
                Duration.ofNanos(token.toNanos() * 12 / 10),
                least(Duration.ofMillis(200), token.dividedBy(4)),
                2500,
                30);
    }

    /** The same as {@link #forToken} with the other settings as they are: all timers follow the token timeout. */
    public RingTiming withToken(Duration token) {
        RingTiming derived = forToken(token);
        return new RingTiming(
                derived.token,
                derived.tokenRetransmit,
                derived.hold,
                derived.join,
                derived.sendJoin,
                derived.consensus,
                derived.merge,
                failRecvConst,
                seqnoUnchangedConst);
    }

    public RingTiming withTokenRetransmit(Duration tokenRetransmit) {
        return new RingTiming(
                token, tokenRetransmit, hold, join, sendJoin, consensus, merge, failRecvConst, seqnoUnchangedConst);
    }

    public RingTiming withHold(Duration hold) {
        return new RingTiming(
                token, tokenRetransmit, hold, join, sendJoin, consensus, merge, failRecvConst, seqnoUnchangedConst);
    }

    public RingTiming withJoin(Duration join) {
        return new RingTiming(
                token, tokenRetransmit, hold, join, sendJoin, consensus, merge, failRecvConst, seqnoUnchangedConst);
    }

    public RingTiming withSendJoin(Duration sendJoin) {
        return new RingTiming(
                token, tokenRetransmit, hold, join, sendJoin, consensus, merge, failRecvConst, seqnoUnchangedConst);
    }

    public RingTiming withConsensus(Duration consensus) {
        return new RingTiming(
                token, tokenRetransmit, hold, join, sendJoin, consensus, merge, failRecvConst, seqnoUnchangedConst);
    }

    public RingTiming withMerge(Duration merge) {
        return new RingTiming(
                token, tokenRetransmit, hold, join, sendJoin, consensus, merge, failRecvConst, seqnoUnchangedConst);
    }

    public RingTiming withFailRecvConst(int visits) {
        return new RingTiming(
                token, tokenRetransmit, hold, join, sendJoin, consensus, merge, visits, seqnoUnchangedConst);
    }

    public RingTiming withSeqnoUnchangedConst(int visits) {
        return new RingTiming(token, tokenRetransmit, hold, join, sendJoin, consensus, merge, failRecvConst, visits);
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static void atLeast(String name, Duration value, String otherName, Duration other) {
        if (value.compareTo(other) < 0) {
            throw new ConfigurationException(
                    name, text(value), "must be at least " + otherName + " (" + text(other) + ")");
        }
    }

    private static void atMost(String name, Duration value) {
        if (value.compareTo(TIMER_MOST) > 0) {
            throw new ConfigurationException(name, value.toString(), "must be at most " + TIMER_MOST.toHours() + " h");
        }
    }

    private static void below(String name, Duration value, String otherName, Duration other) {
        if (value.compareTo(other) >= 0) {
            throw new ConfigurationException(
                    name, text(value), "must be less than " + otherName + " (" + text(other) + ")");
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new ConfigurationException(name, String.valueOf(value), "must be at least " + least);
        }
    }

    private static String text(Duration value) {
        if (value.compareTo(TIMER_MOST) > 0 || value.compareTo(TIMER_MOST.negated()) < 0) {
            return value.toString();
        }
        return value.toNanos() % 1_000_000 == 0 ? value.toMillis() + "ms" : value.toNanos() / 1000 + "us";
    }
}
