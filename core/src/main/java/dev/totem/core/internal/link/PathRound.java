/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import dev.totem.core.NodeId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The attempts with one size. Each but the first is a frame of that size and a small one behind it: who confirms only the small
 * one has lost the other on the way. One thread; time is an argument.
 */
final class PathRound {

    /** An attempt has this many numbers: the large frame and the small one. */
    static final int NUMBERS = 2;

    /** So many attempts follow each other closely. */
    private static final int CLOSE = 1 + PathSearch.MISSES_MAX;

    private final int frameBytes;
    private final boolean isCheck;
    private final Map<NodeId, Answers> answers = new TreeMap<>();
    private long spanNanos;
    private long deadlineNanos;
    private long firstNumber;
    private int attempts;

    /** What one member has confirmed: the large one, and the small ones, a bit for each attempt. */
    private static final class Answers {
        private boolean hasArrived;
        private int small;

        /** The first attempt that was made after a small one had been confirmed. */
        private int fresh;

        void smallArrived(int attempt, int attempts) {
            if (attempt == 0) {
                return; // nothing small was sent with the first
            }
            if (small == 0) {
                fresh = attempts;
            }
            small |= 1 << attempt;
        }

        /**
         * Who was paused confirms in one go what found room in its receive buffer, which may be small frames only. So one of
         * them must have been sent to a member that was known to read.
         */
        boolean isMissing() {
            return !hasArrived && Integer.bitCount(small) >= PathSearch.MISSES_MAX && small >>> fresh != 0;
        }
    }

    /** @param isCheck whether this size is in use */
    PathRound(int frameBytes, boolean isCheck, long spanNanos, long nowNanos) {
        this.frameBytes = frameBytes;
        this.isCheck = isCheck;
        this.spanNanos = spanNanos;
        this.deadlineNanos = nowNanos;
    }

    int frameBytes() {
        return frameBytes;
    }

    boolean isCheck() {
        return isCheck;
    }

    int attempts() {
        return attempts;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /**
     * The next attempt.
     *
     * @param number of its large frame; the numbers of a round follow each other
     */
    List<PathSearch.Probe> attempt(long number, int smallBytes, long nowNanos) {
        if (attempts == 0) {
            firstNumber = number;
        }
        attempts++;
        if (attempts > CLOSE) {
            spanNanos *= 2;
        }
        deadlineNanos = nowNanos + spanNanos;
        PathSearch.Probe large = new PathSearch.Probe(number, frameBytes);
        return attempts == 1 ? List.of(large) : List.of(large, new PathSearch.Probe(number + 1, smallBytes));
    }

    /** A member has got this probe; says whether that means that it gets frames of this size. */
    boolean confirmed(NodeId by, long number) {
        long offset = number - firstNumber;
        if (offset < 0 || offset >= (long) NUMBERS * attempts) {
            return false;
        }
        Answers of = answers.computeIfAbsent(by, any -> new Answers());
        if (offset % NUMBERS == 0) {
            of.hasArrived = true;
            return true;
        }
        of.smallArrived((int) (offset / NUMBERS), attempts);
        return false;
    }

    /** Whether what comes next takes its time, as nobody lacks this size for sure, and not all have it. */
    boolean isSlow() {
        return attempts > CLOSE;
    }

    boolean hasArrived(NodeId node) {
        Answers of = answers.get(node);
        return of != null && of.hasArrived;
    }

    /** Those who confirmed many small frames and none of this size. */
    List<NodeId> missing() {
        return answers.entrySet().stream()
                .filter(entry -> entry.getValue().isMissing())
                .map(Map.Entry::getKey)
                .toList();
    }
}
