/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.ConfigChange;
import dev.totem.core.Quorum;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.internal.membership.RingAgreement;
import dev.totem.core.internal.membership.RingQuorum;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.protocol.RingObserver;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealSession.ProofStep;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** The counters and gauges of a node: written by the loop only, read by any thread. */
public final class NodeCounters implements RingObserver {

    private final Map<RingCounter, AtomicLong> ring = zeros(RingCounter.class);
    private final Map<DropReason, AtomicLong> drops = zeros(DropReason.class);
    private final Map<OpenFailure, AtomicLong> refusals = zeros(OpenFailure.class);
    private final Map<ProofStep, AtomicLong> proofs = zeros(ProofStep.class);
    private final Map<Other, AtomicLong> others = zeros(Other.class);

    @SuppressWarnings("ImmutableEnumChecker") // statistics are immutable
    private enum Other {
        MALFORMED_MESSAGES(Statistics.MALFORMED_MESSAGES),
        MALFORMED_PACKETS(Statistics.MALFORMED_PACKETS),
        MESSAGES_LEFT_OUT(Statistics.MESSAGES_LEFT_OUT),
        TOKENS_OVERRUN(Statistics.TOKENS_OVERRUN),
        EVENTS_DELIVERED(Statistics.EVENTS_DELIVERED),
        MEMBERS(Statistics.MEMBERS),
        SEND_BACKLOG(Statistics.SEND_BACKLOG),
        SEND_BYTES(Statistics.SEND_BYTES),
        SENDS_WAITING(Statistics.SENDS_WAITING),
        DELIVERY_BYTES(Statistics.DELIVERY_BYTES),
        DISPATCH_BACKLOG(Statistics.DISPATCH_BACKLOG),
        HELD_BACK(Statistics.HELD_BACK),
        SEALING_KEY(Statistics.SEALING_KEY),
        REKEYS(Statistics.REKEYS),
        RING_MESSAGE_SIZE_MAX(Statistics.RING_MESSAGE_SIZE_MAX),
        RING_WIRE_VERSION(Statistics.RING_WIRE_VERSION),
        SETTINGS_DIFFERING(Statistics.SETTINGS_DIFFERING),
        PRIMARY(Statistics.PRIMARY),
        QUORUM_DIFFERING(Statistics.QUORUM_DIFFERING),
        PAUSE_NANOS(Statistics.PAUSE_NANOS),
        LEASES_OVERSLEPT(Statistics.LEASES_OVERSLEPT),
        ROTATION_NANOS(Statistics.ROTATION_NANOS),
        GROUPS(Statistics.GROUPS),
        GROUP_EXCHANGES(Statistics.GROUP_EXCHANGES);

        private final Statistic statistic;

        Other(Statistic statistic) {
            this.statistic = statistic;
        }

        Statistic statistic() {
            return statistic;
        }
    }

    @Override
    public void counted(RingCounter counter, int times) {
        add(ring, counter, times);
    }

    @Override
    public void dropped(DropReason reason) {
        add(drops, reason, 1);
    }

    @Override
    public void installed(ConfigChange change) {
        if (change.isRegular()) {
            set(Other.MEMBERS, change.members().size());
        }
    }

    @Override
    public void decided(Quorum quorum, RingQuorum.Verdict verdict) {
        set(Other.PRIMARY, verdict.isPrimary() ? 1 : 0);
        set(Other.QUORUM_DIFFERING, verdict.differing().size());
    }

    @Override
    public void slept(long nanos, boolean isLeaseOver) {
        set(Other.PAUSE_NANOS, nanos);
        add(others, Other.LEASES_OVERSLEPT, isLeaseOver ? 1 : 0);
    }

    @Override
    public void rotated(long nanos) {
        set(Other.ROTATION_NANOS, nanos);
    }

    void refused(OpenFailure reason) {
        add(refusals, reason, 1);
    }

    void proof(ProofStep step) {
        add(proofs, step, 1);
    }

    public void malformedMessage() {
        add(others, Other.MALFORMED_MESSAGES, 1);
    }

    public void malformedPacket() {
        add(others, Other.MALFORMED_PACKETS, 1);
    }

    /** Messages larger than any node may send, of all that were ordered. */
    public void messagesLeftOut(long messages) {
        set(Other.MESSAGES_LEFT_OUT, messages);
    }

    /** More tokens arrived at once than are kept. */
    public void tokenOverrun() {
        add(others, Other.TOKENS_OVERRUN, 1);
    }

    /** So many events were offered to subscribers. */
    public void delivered(int events) {
        add(others, Other.EVENTS_DELIVERED, events);
    }

    public void backlogs(int sendPackets, int dispatchFrames) {
        set(Other.SEND_BACKLOG, sendPackets);
        set(Other.DISPATCH_BACKLOG, dispatchFrames);
    }

    /** What the admission of sends holds, how many stand before it, and what waits for subscribers. */
    public void memory(long sendBytes, int sendsWaiting, long deliveryBytes) {
        set(Other.SEND_BYTES, sendBytes);
        set(Other.SENDS_WAITING, sendsWaiting);
        set(Other.DELIVERY_BYTES, deliveryBytes);
    }

    void heldBack(boolean on) {
        set(Other.HELD_BACK, on ? 1 : 0);
    }

    /** So many groups have members somewhere. */
    public void groups(int groups) {
        set(Other.GROUPS, groups);
    }

    /** The members of a ring began to tell each other who is in which group. */
    public void groupExchange() {
        add(others, Other.GROUP_EXCHANGES, 1);
    }

    public void sealingKey(int id) {
        set(Other.SEALING_KEY, id);
    }

    /** All members seal with another key. */
    void rekeyed() {
        add(others, Other.REKEYS, 1);
    }

    /** What the members of the ring have in common, and how much not. */
    void agreed(RingAgreement agreement) {
        set(Other.RING_MESSAGE_SIZE_MAX, agreement.messageBytesMax());
        set(Other.SETTINGS_DIFFERING, agreement.differences());
        set(Other.RING_WIRE_VERSION, agreement.version());
    }

    /** Any thread: all of them. */
    public Map<Statistic, Long> snapshot() {
        Map<Statistic, Long> all = new TreeMap<>();
        put(all, ring, RingCounter::statistic);
        put(all, drops, DropReason::statistic);
        put(all, refusals, OpenFailure::statistic);
        put(all, proofs, ProofStep::statistic);
        put(all, others, Other::statistic);
        return all;
    }

    private void set(Other gauge, long value) {
        counter(others, gauge).lazySet(value);
    }

    private static <E extends Enum<E>> void add(Map<E, AtomicLong> counters, E which, long times) {
        AtomicLong counter = counter(counters, which);
        counter.lazySet(counter.get() + times);
    }

    private static <E extends Enum<E>> AtomicLong counter(Map<E, AtomicLong> counters, E which) {
        return Objects.requireNonNull(counters.get(which), "all were made in the constructor");
    }

    private static <E extends Enum<E>> Map<E, AtomicLong> zeros(Class<E> type) {
        Map<E, AtomicLong> zeros = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            zeros.put(constant, new AtomicLong());
        }
        return zeros;
    }

    private static <E extends Enum<E>> void put(
            Map<Statistic, Long> all, Map<E, AtomicLong> counters, Function<E, Statistic> statistic) {
        counters.forEach((constant, counter) -> all.put(statistic.apply(constant), counter.get()));
    }
}
