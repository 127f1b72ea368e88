/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.membership.PeerProfiles;
import dev.totem.core.internal.membership.Quarantine;
import dev.totem.core.internal.membership.RingMembers;
import dev.totem.core.internal.membership.RingQuorum;
import dev.totem.core.internal.message.CauseFact;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.ordering.Restraint;
import dev.totem.core.internal.ordering.RingOrder;
import dev.totem.core.internal.packing.PacketSource;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.internal.settings.RingTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What all states share: who we are, settings, timers, effects, and the ring numbers that no attempt may use again. Node
 * loop only.
 */
final class RingContext {

    /** A rotation that takes more than this part of the token timeout is too long for comfort. */
    private static final int ROTATIONS_PER_TOKEN_TIMEOUT = 8;

    private final Origin self;
    private final NodeSettings config;
    private final PacketSource source;
    private final RandomGenerator random;
    private final RingObserver observer;
    private final Quarantine quarantine;
    private final PeerProfiles profiles;
    private final RingQuorum quorum;
    private final Causes causes;
    private final PrimaryLease lease = new PrimaryLease();
    private final Timers timers = new Timers();
    private List<Effect> effects = new ArrayList<>();
    private long nowNanos;
    private long ringSeq;
    private long ringSeqMax;
    private long startedNanos;
    private long ringSeqMaxAtStart;
    private Restraint restraint = Restraint.NONE;

    RingContext(Origin self, NodeSettings config, PacketSource source, RandomGenerator random, RingObserver observer) {
        this.self = self;
        this.config = config;
        this.source = source;
        this.random = random;
        this.observer = observer;
        quarantine = new Quarantine(self.node(), config.timing().token().toNanos());
        profiles = new PeerProfiles(self.node(), config);
        quorum = new RingQuorum(config);
        causes = new Causes(self.node(), config.timing().token().toNanos());
    }

    Origin self() {
        return self;
    }

    NodeId id() {
        return self.node();
    }

    NodeSettings config() {
        return config;
    }

    RingTiming timing() {
        return config.timing();
    }

    PacketSource source() {
        return source;
    }

    RingObserver observer() {
        return observer;
    }

    /** Who outside the ring may disturb it. */
    Quarantine quarantine() {
        return quarantine;
    }

    /** What others tell of their settings. */
    PeerProfiles profiles() {
        return profiles;
    }

    /** Whether the ring installed last may decide. */
    RingQuorum quorum() {
        return quorum;
    }

    /** Until when no other ring can be primary. */
    PrimaryLease lease() {
        return lease;
    }

    /** Why there is a search, or will be one. */
    Causes causes() {
        return causes;
    }

    /** Something was noticed that may lead to another configuration. */
    void note(CauseFact fact) {
        causes.note(fact, nowNanos);
    }

    /**
     * A join or merge detect came in.
     *
     * @param heard whom its sender says it heard of late
     * @return whether it shows that its sender and this processor hear each other, unlike before
     */
    boolean announced(Origin sender, List<NodeId> heard) {
        boolean isNews = quarantine.announced(sender, heard, nowNanos);
        if (quarantine.isUnheardBy(sender.node(), nowNanos)) {
            observer.unheard(sender.node());
        }
        return isNews;
    }

    /** As {@link #multicast}, for what says whom this processor hears. */
    void announce(ProtocolMessage announcement) {
        quarantine.announcing(nowNanos);
        multicast(announcement);
    }

    /** A processor outside the ring takes part in the search, or is the reason for it. */
    void met(Origin sender, RingMembers ring, boolean isCandidate) {
        quarantine.met(sender);
        if (ring.contains(sender.node())) {
            if (!ring.contains(sender) && !ring.outlived(sender)) {
                note(CauseKind.newLife(id(), sender.node()));
            }
        } else if (!isCandidate) {
            note(CauseKind.foreignRing(id(), sender.node()));
        }
    }

    /** A regular configuration is installed, and the application told. */
    void changeToRegular(ConfigChange change, RingQuorum.Verdict verdict) {
        quorum.installed(verdict);
        lease.installed(verdict, !quorum.quorum().isNone());
        ConfigChange decided = change.withPrimary(verdict.isPrimary()).withCauses(causes.told());
        causes.forget();
        observer.installed(decided);
        observer.decided(quorum.quorum(), verdict);
        emit(new Effect.Install(decided));
    }

    Timers timers() {
        return timers;
    }

    long nowNanos() {
        return nowNanos;
    }

    void now(long nanos) {
        nowNanos = nanos;
    }

    void arm(TimerKind kind, Duration delay) {
        arm(kind, delay.toNanos());
    }

    void arm(TimerKind kind, long delayNanos) {
        timers.arm(kind, nowNanos + delayNanos);
    }

    /** The bookkeeping of a ring that this processor takes part in. */
    RingOrder newOrder(RingId ring) {
        return new RingOrder(ring, self, config.flow(), timing().token().toNanos() / ROTATIONS_PER_TOKEN_TIMEOUT);
    }

    /** A random time up to the given one, both included. */
    long randomNanos(Duration most) {
        return most.isZero() ? 0 : random.nextLong(most.toNanos() + 1);
    }

    void emit(Effect effect) {
        effects.add(effect);
    }

    void multicast(ProtocolMessage message) {
        effects.add(new Effect.Multicast(message));
    }

    void unicast(NodeId to, ProtocolMessage message) {
        effects.add(new Effect.Unicast(to, message));
    }

    int effectsWaiting() {
        return effects.size();
    }

    /** What was emitted after the first so many of those that wait. */
    List<Effect> effectsAfter(int first) {
        return List.copyOf(effects.subList(first, effects.size()));
    }

    List<Effect> drain() {
        if (effects.isEmpty()) {
            return List.of();
        }
        List<Effect> drained = effects;
        effects = new ArrayList<>();
        return drained;
    }

    void started(long credibleRingSeq) {
        startedNanos = nowNanos;
        ringSeqMaxAtStart = credibleRingSeq;
    }

    /**
     * Whether a cluster can have come to this ring number. Who follows one that is higher has none left for the rings to come;
     * the bound rises faster than any cluster forms rings, so that there is always a next one.
     */
    boolean isCredible(long seq) {
        long elapsedMillis = (nowNanos - startedNanos) / 1_000_000;
        return seq <= Math.max(ringSeqMax, ringSeqMaxAtStart + elapsedMillis * Input.Start.NUMBERS_A_MILLISECOND);
    }

    /** The number of the ring this processor belongs to or last tried to form; never used again. */
    long ringSeq() {
        return ringSeq;
    }

    /** Takes part in a ring of this number from now on; reserved on stable storage before anybody hears of it. */
    void useRingSeq(long seq) {
        Invariant.check(seq > ringSeq, "ring seq " + seq + " is not above " + ringSeq);
        ringSeq = seq;
        heardRingSeq(seq);
        emit(new Effect.Persist(seq));
    }

    /** Rule J0: the next ring's number is above all that were heard of. */
    void heardRingSeq(long seq) {
        ringSeqMax = Math.max(ringSeqMax, seq);
    }

    long ringSeqMax() {
        return ringSeqMax;
    }

    Restraint restraint() {
        return restraint;
    }

    void restraint(Restraint now) {
        restraint = now;
    }
}
