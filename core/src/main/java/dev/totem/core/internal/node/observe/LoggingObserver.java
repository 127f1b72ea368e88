/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.ChangeCause;
import dev.totem.core.ConfigChange;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.Quorum;
import dev.totem.core.internal.membership.RingQuorum;
import dev.totem.core.internal.membership.SettingDifference;
import dev.totem.core.internal.membership.SharedSetting;
import dev.totem.core.internal.protocol.RingObserver;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.settings.BufferLimits;
import dev.totem.core.internal.settings.FlowLimits;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SuiteName;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens at a node, as log lines; never more than one of a kind in ten seconds. Node loop only. */
public final class LoggingObserver implements RingObserver {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.node");

    private final NodeId self;
    private final LongSupplier nowNanos;

    private List<NodeId> left = List.of();
    private String cause = "start";
    private final Quiet notAuthentic = new Quiet();
    private final Quiet otherSuite = new Quiet();
    private final Quiet lacksKey = new Quiet();
    private final Quiet duplicate = new Quiet();
    private final Quiet heldBack = new Quiet();
    private final Quiet otherQuorum = new Quiet();
    private final Quiet slept = new Quiet();
    private final QuietDifferences differences = new QuietDifferences();

    public LoggingObserver(NodeId self, LongSupplier nowNanos) {
        this.self = self;
        this.nowNanos = nowNanos;
    }

    @Override
    public void entered(RingPhase phase, String reason) {
        if (phase == RingPhase.GATHER) {
            cause = reason;
        }
        LOG.debug("node {}: {} {}", self, phase, reason);
    }

    @Override
    public void installed(ConfigChange change) {
        if (!change.isRegular()) {
            left = change.left();
            return;
        }
        LOG.info(
                "node {} ring {}: members {}, joined {}, left {}, cause {}",
                self,
                change.ring(),
                change.members(),
                change.joined(),
                left,
                change.causes().isEmpty() ? cause : words(change.causes()));
        left = List.of();
    }

    private static String words(List<ChangeCause> causes) {
        return causes.stream().map(ChangeCause::toString).collect(Collectors.joining("; "));
    }

    @Override
    public void decided(Quorum quorum, RingQuorum.Verdict verdict) {
        if (!verdict.differing().isEmpty() && otherQuorum.due(nowNanos.getAsLong()) > 0) {
            LOG.warn(
                    "node {}: the quorum is {} here and another one at nodes {}: no ring of both decides; give all nodes the same",
                    self,
                    quorum,
                    verdict.differing());
        }
    }

    @Override
    public void slept(long nanos, boolean isLeaseOver) {
        if (slept.due(nowNanos.getAsLong()) > 0) {
            LOG.warn(
                    "node {}: nothing ran here for {} ms{}: a collector, a stopped process or a machine that stood still",
                    self,
                    nanos / 1_000_000,
                    isLeaseOver ? ", and the lease ended meanwhile" : "");
        }
    }

    @Override
    public void duplicateId(NodeId id) {
        if (duplicate.due(nowNanos.getAsLong()) > 0) {
            LOG.warn("node {}: another live process uses this node id; the one that started later will stop", self);
        }
    }

    @Override
    public void differs(SettingDifference difference) {
        SharedSetting setting = difference.setting();
        if (differences.isDue(difference.node(), setting, nowNanos.getAsLong())) {
            LOG.warn(
                    "node {}: setting {} is {} here and {} at node {}: {}",
                    self,
                    setting.settingName(),
                    setting.text(difference.ours()),
                    setting.text(difference.theirs()),
                    difference.node(),
                    setting == SharedSetting.MAX_MESSAGE_SIZE
                            ? "a ring of both refuses what is above the lower one"
                            : "give all nodes the same");
        }
    }

    void refused(OpenFailure reason) {
        if (reason != OpenFailure.NOT_AUTHENTIC) {
            return;
        }
        long frames = notAuthentic.due(nowNanos.getAsLong());
        if (frames > 0) {
            LOG.warn("node {}: {} frames not authentic: is the key the same on all nodes?", self, frames);
        }
    }

    /**
     * Somebody seals with another suite.
     *
     * @param theirs the number in the header
     */
    public void otherSuite(int theirs, String ours) {
        long frames = otherSuite.due(nowNanos.getAsLong());
        if (frames > 0) {
            LOG.warn(
                    "node {}: {} frames refused, the last sealed with suite {}, ours is {}: name one suite on all nodes",
                    self,
                    frames,
                    SuiteName.describe(theirs),
                    ours);
        }
    }

    void lacksKey(int keyId, int sealing) {
        if (lacksKey.due(nowNanos.getAsLong()) > 0) {
            LOG.warn(
                    "node {}: frames are sealed with key {}, which this node's key file does not have or the ring has"
                            + " replaced; this node seals with key {}",
                    self,
                    keyId,
                    sealing);
        }
    }

    /** What may keep this node out of a ring, and no other line tells. */
    public void seen(NodeHealth.Reason reason) {
        LOG.warn(
                "node {}: {} {}. {}",
                self,
                reason.code().meaning(),
                reason.text(),
                reason.code().remedy());
    }

    public void keysNotRead(Throwable reason) {
        LOG.warn("node {}: the keys cannot be read again: {}", self, reason.getMessage());
    }

    public void keyNotKept(Throwable reason) {
        LOG.warn("node {}: the active key was not noted: {}", self, reason.getMessage());
    }

    void rekeyRefused(Throwable reason) {
        LOG.warn("node {}: the ring keeps its key: {}", self, reason.getMessage());
    }

    void rekeyed(int keyId, Position position) {
        LOG.info("node {}: all members seal with key {} since {}", self, keyId, position);
    }

    public void noNextKey(int sealing) {
        LOG.warn(
                "node {}: key {} has been used for as long as it was meant to be, and the key file has no newer one: add"
                        + " one with totem keygen --add FILE and copy the file to all nodes",
                self,
                sealing);
    }

    void expelling(NodeId without, int keyId, NodeId by) {
        LOG.warn("node {}: node {} is left out of key {}, as node {} wants", self, without, keyId, by);
    }

    void renewed(String why) {
        LOG.warn(
                "node {}: {}: it goes on under new keys, and the others hear it when it has proven to be live",
                self,
                why);
    }

    void heldBack(boolean on) {
        if (on && heldBack.due(nowNanos.getAsLong()) > 0) {
            LOG.warn("node {}: subscribers cannot follow, the ring is held back", self);
        }
    }

    public void windowFitted(FlowLimits wanted, FlowLimits fitted, BufferLimits buffers) {
        if (fitted.windowSize() < wanted.windowSize()) {
            LOG.info(
                    "node {}: the window is {} frames instead of {}, as memory is {} bytes",
                    self,
                    fitted.windowSize(),
                    wanted.windowSize(),
                    buffers.memoryBytes());
        }
    }

    /** What a user can help needs no trace. */
    public void stopped(Throwable reason) {
        boolean isDefect =
                reason instanceof ProtocolFailureException && !(reason.getCause() instanceof OutOfMemoryError);
        if (isDefect || LOG.isDebugEnabled()) {
            LOG.error("node {}: stopped itself: {}", self, reason.getMessage(), reason);
        } else {
            LOG.error("node {}: stopped itself: {}", self, reason.getMessage());
        }
    }
}
