/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.internal.protocol.GatherReason;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.protocol.RingPhase;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** As events of JDK Flight Recorder; while none of them is recorded, nothing is made. Node loop only. */
final class JfrObserver implements FlightObserver {

    /** So many frames sent again in a tenth of a second are a burst: a single loss is none. */
    static final int BURST_FRAMES = 16;

    static final long BURST_NANOS = 100_000_000;

    private static final String TOKEN_LOST = "TOKEN_LOST";

    private final int self;
    private final LongSupplier nowNanos;
    private JfrEvents.@Nullable RingFormed forming;
    private JfrEvents.@Nullable HoldBack holding;
    private JfrEvents.@Nullable RetransmissionBurst burst;
    private long burstUntilNanos;
    private String cause = "";
    private List<NodeId> left = List.of();
    private List<NodeId> members = List.of();

    JfrObserver(NodeId self, LongSupplier nowNanos) {
        this.self = self.value();
        this.nowNanos = nowNanos;
    }

    /** By the name of a {@link GatherReason}, which is what the words begin with. */
    @Override
    public void entered(RingPhase phase, String reason) {
        if (phase != RingPhase.GATHER) {
            return;
        }
        cause = reason;
        if (forming == null) {
            JfrEvents.RingFormed event = new JfrEvents.RingFormed();
            event.begin();
            forming = event;
        }
        JfrEvents.TokenLost lost = new JfrEvents.TokenLost();
        if (reason.startsWith(TOKEN_LOST) && lost.isEnabled()) {
            lost.node = self;
            lost.during = reason;
            lost.members = members.toString();
            lost.commit();
        }
    }

    @Override
    public void installed(ConfigChange change) {
        if (!change.isRegular()) {
            left = change.left();
            return;
        }
        members = change.members();
        JfrEvents.RingFormed event = forming;
        forming = null;
        if (event != null && event.isEnabled()) {
            event.node = self;
            event.ring = change.ring().toString();
            event.members = change.members().toString();
            event.joined = change.joined().toString();
            event.left = left.toString();
            event.isPrimary = change.isPrimary();
            event.cause = cause;
            event.commit();
        }
        left = List.of();
    }

    @Override
    public void counted(RingCounter counter, int times) {
        if (counter == RingCounter.MESSAGES_RETRANSMITTED && times > 0) {
            resent(times);
        } else if (burst != null && nowNanos.getAsLong() - burstUntilNanos >= 0) {
            endBurst();
        }
    }

    private void resent(int frames) {
        long now = nowNanos.getAsLong();
        if (burst != null && now - burstUntilNanos >= 0) {
            endBurst();
        }
        JfrEvents.RetransmissionBurst event = burst;
        if (event == null) {
            event = new JfrEvents.RetransmissionBurst();
            if (!event.isEnabled()) {
                return;
            }
            event.begin();
            burst = event;
            burstUntilNanos = now + BURST_NANOS;
        }
        event.frames += frames;
    }

    private void endBurst() {
        JfrEvents.RetransmissionBurst event = burst;
        burst = null;
        if (event != null && event.frames >= BURST_FRAMES) {
            event.node = self;
            event.commit();
        }
    }

    @Override
    public void slept(long nanos, boolean isLeaseOver) {
        JfrEvents.Pause event = new JfrEvents.Pause();
        if (event.isEnabled()) {
            event.node = self;
            event.length = nanos;
            event.isLeaseOver = isLeaseOver;
            event.commit();
        }
    }

    @Override
    public void rekeyed(int keyId, Position position) {
        JfrEvents.KeyChange event = new JfrEvents.KeyChange();
        if (event.isEnabled()) {
            event.node = self;
            event.key = keyId;
            event.position = position.toString();
            event.commit();
        }
    }

    @Override
    public void heldBack(boolean on) {
        JfrEvents.HoldBack event = holding;
        if (on && event == null) {
            event = new JfrEvents.HoldBack();
            event.begin();
            holding = event;
        } else if (!on && event != null) {
            holding = null;
            event.node = self;
            event.commit();
        }
    }

    @Override
    public void slow(int handle, SlowSubscriberException reason) {
        JfrEvents.SlowSubscriber event = new JfrEvents.SlowSubscriber();
        if (event.isEnabled()) {
            event.node = self;
            event.handle = handle;
            event.lag = reason.lag();
            event.reason = String.valueOf(reason.getMessage());
            event.commit();
        }
    }
}
