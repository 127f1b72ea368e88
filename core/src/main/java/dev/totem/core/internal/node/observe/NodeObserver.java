/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.SecurityEvent;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.TotemException;
import dev.totem.core.internal.membership.CandidateSets;
import dev.totem.core.internal.membership.RingAgreement;
import dev.totem.core.internal.membership.RingQuorum;
import dev.totem.core.internal.membership.SettingDifference;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.GatherReason;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.protocol.RingObserver;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.protocol.TimerKind;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealSession.ProofStep;
import java.net.SocketAddress;
import java.util.Optional;

/** Tells the counters and the log what happens. Node loop only. */
public record NodeObserver(
        NodeCounters counters,
        LoggingObserver log,
        AuditLog audit,
        HealthWatch health,
        FlightObserver flight,
        BlackBox box)
        implements RingObserver {

    @Override
    public void entered(RingPhase phase, String reason) {
        log.entered(phase, reason);
        health.entered(phase, reason);
        flight.entered(phase, reason);
        box.entered(phase, reason);
    }

    @Override
    public void searching(GatherReason reason, CandidateSets sets) {
        health.searching(reason, sets);
    }

    @Override
    public void expired(TimerKind kind) {
        box.expired(kind);
    }

    @Override
    public void heard(Join join) {
        box.heard(join);
    }

    @Override
    public void dropped(DropReason reason) {
        counters.dropped(reason);
        box.dropped(reason);
    }

    @Override
    public void counted(RingCounter counter, int times) {
        counters.counted(counter, times);
        health.counted(counter, times);
        flight.counted(counter, times);
    }

    @Override
    public void installed(ConfigChange change) {
        counters.installed(change);
        log.installed(change);
        health.installed(change);
        flight.installed(change);
        box.installed(change);
    }

    @Override
    public void decided(Quorum quorum, RingQuorum.Verdict verdict) {
        counters.decided(quorum, verdict);
        log.decided(quorum, verdict);
        health.decided(quorum, verdict);
    }

    @Override
    public void slept(long nanos, boolean isLeaseOver) {
        counters.slept(nanos, isLeaseOver);
        log.slept(nanos, isLeaseOver);
        flight.slept(nanos, isLeaseOver);
        box.slept(nanos, isLeaseOver);
    }

    @Override
    public void duplicateId(NodeId id) {
        log.duplicateId(id);
        health.sightings().duplicateId(id);
        box.duplicateId(id);
    }

    @Override
    public void differs(SettingDifference difference) {
        log.differs(difference);
        health.sightings().differs(difference);
    }

    @Override
    public void unheard(NodeId node) {
        health.sightings().unheard(node);
    }

    @Override
    public void rotated(long nanos) {
        counters.rotated(nanos);
    }

    public void refused(RefusedFrame frame) {
        OpenFailure reason = frame.reason();
        counters.refused(reason);
        log.refused(reason);
        health.sightings().refused(frame);
        box.refused(reason);
        audit.refused(reason, frame.source());
        if (reason == OpenFailure.COPIED) {
            renewed(Optional.of(frame.source()));
        }
    }

    public void proof(NodeId node, ProofStep step, SocketAddress source) {
        counters.proof(step);
        if (step == ProofStep.LIVES_PROVEN) {
            audit.report(new SecurityEvent.LifeProven(node, source));
        } else if (step == ProofStep.PATHS_PROVEN) {
            audit.report(new SecurityEvent.PathProven(node, source));
        }
    }

    public void rekeyed(int keyId, Position position) {
        counters.rekeyed();
        log.rekeyed(keyId, position);
        flight.rekeyed(keyId, position);
        audit.report(new SecurityEvent.KeySwitched(keyId, position));
    }

    public void rekeyRefused(int keyId, NodeId lacking, TotemException reason) {
        log.rekeyRefused(reason);
        audit.report(new SecurityEvent.SwitchRefused(keyId, lacking));
    }

    public void lacksKey(int keyId, int sealing) {
        log.lacksKey(keyId, sealing);
        audit.report(new SecurityEvent.KeyLacking(keyId));
    }

    public void expelling(NodeId without, int keyId, NodeId by) {
        log.expelling(without, keyId, by);
        audit.report(new SecurityEvent.MemberExpelled(without, keyId, by));
    }

    /**
     * The node goes on under new keys.
     *
     * @param copy where a frame of a copy came from; empty if a clock has jumped
     */
    public void renewed(Optional<SocketAddress> copy) {
        log.renewed(copy.map(source -> "a copy of this process sends from " + source)
                .orElse("the clock has jumped, as when a process is restored from a snapshot"));
        health.renewed();
        audit.report(new SecurityEvent.LifeRenewed(copy));
    }

    public void heldBack(boolean on) {
        counters.heldBack(on);
        log.heldBack(on);
        health.heldBack(on);
        flight.heldBack(on);
        box.heldBack(on);
    }

    public void agreed(RingAgreement agreement) {
        counters.agreed(agreement);
        health.agreed(agreement);
    }

    public void slow(int handle, SlowSubscriberException reason) {
        flight.slow(handle, reason);
    }

    /** The node stops itself. */
    public void stopped(Throwable reason) {
        box.stopped(reason);
    }
}
