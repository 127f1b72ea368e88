/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import static java.util.Objects.requireNonNull;

import dev.totem.core.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the largest frame that reaches all members, by sending frames of a size and being told that they have arrived; nothing
 * else is believed. One thread; time is an argument.
 *
 * <p>The largest size is tried first, then ordinary Ethernet's, then the common ones, then the middle of what is left. A size that is in use is tried again
 * while it is used. It is given up on when a member confirms small frames and not those: who is silent, or confirms nothing at
 * all, says nothing of sizes. A new member has confirmed nothing, so the start is what all get.
 */
final class PathSearch {

    /** So many times a member must have confirmed the small frame behind a large one that it did not. */
    static final int MISSES_MAX = 3;

    /** After as many attempts without a result nobody is asked for a while. */
    static final int ATTEMPTS_MAX = 8;

    /** How long it takes at least until something larger is tried again; doubles each time. */
    static final long PAUSE_LEAST_NANOS = TimeUnit.SECONDS.toNanos(15);

    static final long PAUSE_MOST_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** Attempts in a token timeout: a frame that does not arrive is noticed in half of it. */
    private static final int ATTEMPTS_A_TOKEN = 16;

    private static final int CHECKS_A_TOKEN = 4;

    /** Of a frame that arrives wherever any does, and is longer than the one that confirms it. */
    static final int SMALL_BYTES = 256;

    private static final int GAP_BYTES = 16;
    private static final int GAP_PART = 16;

    private static final long NEVER = Long.MAX_VALUE;

    private final PathSizes sizes;
    private final long attemptNanos;
    private final long checkNanos;
    private final PathWatch watch;
    private final Map<NodeId, Member> members = new TreeMap<>();
    private @Nullable PathRound round;
    private long number;
    private int frameBytes;

    /** Of what did not arrive the smallest; above the most if that is not known. */
    private int ceiling;

    private boolean isUsed;
    private long checkAtNanos;
    private long searchAtNanos;
    private long pauseNanos = PAUSE_LEAST_NANOS;

    /** As above, after somebody has answered nothing at all. */
    private long silenceNanos;

    private long probes;
    private long holes;

    /** @param firstNumber where probes are counted from, drawn by chance: who has not seen a probe cannot confirm it */
    PathSearch(PathSizes sizes, long tokenNanos, long firstNumber, PathWatch watch) {
        this.sizes = sizes;
        this.attemptNanos = Math.max(1, tokenNanos / ATTEMPTS_A_TOKEN);
        this.checkNanos = Math.max(1, tokenNanos / CHECKS_A_TOKEN);
        this.silenceNanos = checkNanos;
        this.number = firstNumber;
        this.watch = watch;
        this.frameBytes = sizes.start();
        this.ceiling = sizes.most() + 1;
    }

    /** One frame to be sent to all members. */
    record Probe(long number, int frameBytes) {}

    /** What a member has confirmed. */
    private static final class Member {

        /** The largest; 0 for nothing. */
        private int proven;
    }

    /** What reaches all members, as far as is known now. */
    int frameBytes() {
        return frameBytes;
    }

    /** A frame larger than the least was sent; says whether {@link #nextNanos} is to be asked for again. */
    boolean used() {
        boolean isNews = !isUsed;
        isUsed = true;
        return isNews;
    }

    /** Whom frames are for from now on; others do not confirm anything. */
    void partners(Collection<NodeId> others, long nowNanos) {
        boolean isOneGone = members.keySet().retainAll(new TreeSet<>(others));
        boolean isOneNew = false;
        for (NodeId other : others) {
            isOneNew |= members.putIfAbsent(other, new Member()) == null;
        }
        if (isOneGone) {
            ceiling = sizes.most() + 1;
        }
        if (isOneGone || isOneNew) {
            pauseNanos = PAUSE_LEAST_NANOS;
            silenceNanos = checkNanos;
        }
        round = null;
        searchAtNanos = nowNanos;
        checkAtNanos = Math.min(checkAtNanos, nowNanos);
        settle();
    }

    /** When {@link #due} is to be called next. */
    long nextNanos() {
        if (members.isEmpty() || !sizes.isOpen()) {
            return NEVER;
        }
        PathRound open = round;
        if (open != null) {
            return open.deadlineNanos();
        }
        return Math.min(isCheckWanted() ? checkAtNanos : NEVER, frameBytes < sizes.most() ? searchAtNanos : NEVER);
    }

    /** What is to be sent now, in this order. */
    List<Probe> due(long nowNanos) {
        if (nowNanos < nextNanos()) {
            return List.of();
        }
        if (round != null) {
            look(round, nowNanos);
        }
        if (round == null) {
            round = next(nowNanos).orElse(null);
        }
        PathRound open = round;
        if (open == null || nowNanos < open.deadlineNanos()) {
            return List.of();
        }
        List<Probe> attempt = open.attempt(number, SMALL_BYTES, nowNanos);
        number += PathRound.NUMBERS;
        probes += attempt.size();
        return attempt;
    }

    private boolean isCheckWanted() {
        return isUsed && frameBytes > sizes.least();
    }

    private boolean isCheckDue(long nowNanos) {
        return isCheckWanted() && nowNanos >= checkAtNanos;
    }

    private Optional<PathRound> next(long nowNanos) {
        if (isCheckDue(nowNanos)) {
            isUsed = false;
            return Optional.of(new PathRound(frameBytes, true, attemptNanos, nowNanos));
        }
        if (frameBytes >= sizes.most() || nowNanos < searchAtNanos) {
            return Optional.empty();
        }
        if (isExhausted()) {
            ceiling = sizes.most() + 1;
        }
        return Optional.of(new PathRound(candidate(), false, attemptNanos, nowNanos));
    }

    private int candidate() {
        if (ceiling > sizes.most()) {
            return sizes.most();
        }
        if (sizes.start() > frameBytes && sizes.start() < ceiling) {
            return sizes.start();
        }
        return sizes.common().stream()
                .filter(size -> size > frameBytes && size < ceiling)
                .findFirst()
                .orElse((frameBytes + ceiling) / 2);
    }

    /** Whether what is left to gain is not worth the search. */
    private boolean isExhausted() {
        return ceiling <= sizes.most() && ceiling - frameBytes <= Math.max(GAP_BYTES, frameBytes / GAP_PART);
    }

    /** The attempt has had its time. */
    private void look(PathRound open, long nowNanos) {
        List<NodeId> missing = open.missing();
        if (!missing.isEmpty()) {
            round = null;
            doesNotArrive(open, missing, nowNanos);
        } else if (open.attempts() >= ATTEMPTS_MAX || (open.isSlow() && !open.isCheck() && isCheckDue(nowNanos))) {
            round = null;
            if (open.isCheck()) {
                checkAtNanos = nowNanos + checkNanos;
            } else {
                searchAtNanos = nowNanos + silenceNanos;
                silenceNanos = Math.min(2 * silenceNanos, PAUSE_MOST_NANOS);
            }
        }
    }

    private void doesNotArrive(PathRound open, List<NodeId> missing, long nowNanos) {
        ceiling = open.frameBytes();
        searchAtNanos = nowNanos;
        if (open.isCheck()) {
            holes++;
            isUsed = false;
            pauseNanos = Math.min(2 * pauseNanos, PAUSE_MOST_NANOS);
            missing.forEach(node -> member(node).proven = sizes.least());
            settle();
            watch.lowered(frameBytes, ceiling, missing.get(0));
        }
        if (isExhausted()) {
            pause(nowNanos);
        }
    }

    private Member member(NodeId node) {
        return requireNonNull(members.get(node), "who answers is a member");
    }

    private void pause(long nowNanos) {
        searchAtNanos = nowNanos + pauseNanos;
        pauseNanos = Math.min(2 * pauseNanos, PAUSE_MOST_NANOS);
    }

    /** A member says that a probe has come. It may say so of any number. */
    void confirmed(NodeId by, long probe, long nowNanos) {
        PathRound open = round;
        Member member = members.get(by);
        if (open == null || member == null || !open.confirmed(by, probe)) {
            return;
        }
        member.proven = Math.max(member.proven, open.frameBytes());
        if (!members.keySet().stream().allMatch(open::hasArrived)) {
            return;
        }
        round = null;
        checkAtNanos = nowNanos + checkNanos;
        int before = frameBytes;
        settle();
        if (!open.isCheck()) {
            silenceNanos = checkNanos;
            searchAtNanos = nowNanos;
            if (isExhausted()) {
                pause(nowNanos);
            }
        }
        if (frameBytes > before) {
            watch.raised(frameBytes);
        }
    }

    private void settle() {
        frameBytes = members.values().stream()
                .mapToInt(member -> member.proven == 0 ? sizes.start() : member.proven)
                .min()
                .orElse(sizes.start());
        if (frameBytes >= ceiling) {
            ceiling = sizes.most() + 1;
        }
    }

    /** Frames sent to find out. */
    long probes() {
        return probes;
    }

    /** How often a size that was in use was given up. */
    long holes() {
        return holes;
    }
}
