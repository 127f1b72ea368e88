/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import dev.totem.core.NodeId;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * How long a frame to a member and its answer take: measured by all probes, and by some of its own while somebody wants to know.
 * One thread; time is an argument.
 */
final class RoundTrips {

    /** Answers to probes that are older are not waited for. */
    static final int OPEN_MAX = 32;

    /** Least time between two questions of its own; a reader that looks once a second has one each time. */
    static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    /** In larger rings they are rarer, so that there are not more answers. */
    private static final int MEMBERS_A_QUESTION = 16;

    /** A new value counts for one part of so many, as TCP has it. */
    private static final int SMOOTHING = 8;

    private final Map<Long, Sent> open = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Sent> eldest) {
            return size() > OPEN_MAX;
        }
    };

    private final Map<NodeId, Long> nanos = new TreeMap<>();
    private Set<NodeId> members = Set.of();
    private long number;
    private boolean isAsked;
    private long askedNanos;

    /** When a probe left, and who has not answered it. */
    private record Sent(long atNanos, Set<NodeId> waiting) {}

    /** @param firstNumber of its own probes; far from those of others */
    RoundTrips(long firstNumber) {
        this.number = firstNumber;
    }

    /** These are measured; what was measured of others is forgotten. */
    void partners(Collection<NodeId> others) {
        members = new TreeSet<>(others);
        nanos.keySet().retainAll(members);
    }

    /** A probe leaves now, for everybody. */
    void sent(long probe, long nowNanos) {
        open.put(probe, new Sent(nowNanos, new TreeSet<>(members)));
    }

    /** A member has got a probe; copies of an answer say nothing. */
    void answered(NodeId by, long probe, long nowNanos) {
        Sent sent = open.get(probe);
        if (sent == null || !sent.waiting().remove(by) || !members.contains(by)) {
            return;
        }
        long measured = Math.max(0, nowNanos - sent.atNanos());
        nanos.merge(by, measured, (before, now) -> before + (now - before) / SMOOTHING);
    }

    /** Somebody wants to know: the number of a probe that is to be sent now, if it is time for one. */
    OptionalLong wanted(long nowNanos) {
        long pause = ASK_NANOS * (1 + members.size() / MEMBERS_A_QUESTION);
        if (members.isEmpty() || (isAsked && nowNanos - askedNanos < pause)) {
            return OptionalLong.empty();
        }
        isAsked = true;
        askedNanos = nowNanos;
        return OptionalLong.of(number++);
    }

    Optional<Duration> of(NodeId member) {
        return Optional.ofNullable(nanos.get(member)).map(Duration::ofNanos);
    }
}
