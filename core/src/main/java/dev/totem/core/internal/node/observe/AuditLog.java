/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.NodeId;
import dev.totem.core.SecurityEvent;
import dev.totem.core.Statistics;
import dev.totem.core.spi.OpenFailure;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Security events, as they are, for who watches: one line each. Node loop only. */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.audit");

    private final NodeId self;
    private final LongSupplier nowNanos;
    private final Map<OpenFailure, Quiet> refusals = new EnumMap<>(OpenFailure.class);

    public AuditLog(NodeId self, LongSupplier nowNanos) {
        this.self = self;
        this.nowNanos = nowNanos;
    }

    void report(SecurityEvent event) {
        LOG.atInfo()
                .addKeyValue("node", self)
                .addKeyValue("event", event)
                .setMessage("node {}: {}")
                .addArgument(self)
                .addArgument(event)
                .log();
    }

    /** Counts; reports now and then. */
    void refused(OpenFailure reason, SocketAddress source) {
        long frames = refusals.computeIfAbsent(reason, first -> new Quiet()).due(nowNanos.getAsLong());
        if (frames > 0) {
            report(new SecurityEvent.FramesRefused(
                    reason.statistic().name().substring(Statistics.REFUSED.length()), frames, source));
        }
    }
}
