/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.internal.membership.SettingDifference;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.protocol.RingObserver;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.spi.OpenFailure;

/** Tells the counters and the log what happens. Node loop only. */
record NodeObserver(NodeCounters counters, LoggingObserver log) implements RingObserver {

    @Override
    public void entered(RingPhase phase, String reason) {
        log.entered(phase, reason);
    }

    @Override
    public void dropped(DropReason reason) {
        counters.dropped(reason);
    }

    @Override
    public void counted(RingCounter counter, int times) {
        counters.counted(counter, times);
    }

    @Override
    public void installed(ConfigChange change) {
        counters.installed(change);
        log.installed(change);
    }

    @Override
    public void duplicateId(NodeId id) {
        log.duplicateId(id);
    }

    @Override
    public void differs(SettingDifference difference) {
        log.differs(difference);
    }

    @Override
    public void rotated(long nanos) {
        counters.rotated(nanos);
    }

    void refused(OpenFailure reason) {
        counters.refused(reason);
        log.refused(reason);
    }

    void rekeyed(int keyId, Position position) {
        counters.rekeyed();
        log.rekeyed(keyId, position);
    }

    void heldBack(boolean on) {
        counters.heldBack(on);
        log.heldBack(on);
    }
}
