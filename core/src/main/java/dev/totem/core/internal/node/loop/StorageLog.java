/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.loop;

import dev.totem.core.NodeId;
import dev.totem.core.TotemException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a node's stable storage does, as log lines: each cause once, and again while it lasts. Node loop only. */
public final class StorageLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.node");
    private static final long AGAIN_NANOS = 600_000_000_000L;

    private final NodeId self;
    private final LongSupplier nowNanos;
    private String cause = "";
    private long warnedNanos;
    private boolean isUnkept;

    public StorageLog(NodeId self, LongSupplier nowNanos) {
        this.self = self;
        this.nowNanos = nowNanos;
    }

    /** What storage held is no number of a ring. */
    void absurd(long loaded) {
        LOG.warn("node {}: stable storage holds {}, which is no ring number, and is taken for damaged", self, loaded);
    }

    void fails(TotemException reason) {
        long now = nowNanos.getAsLong();
        String text = String.valueOf(reason.getMessage());
        if (!text.equals(cause) || now - warnedNanos >= AGAIN_NANOS) {
            cause = text;
            warnedNanos = now;
            LOG.warn(
                    "node {}: no ring numbers can be reserved; the node goes on with those it has, and tries again: {}",
                    self,
                    text);
        }
    }

    /** Numbers are used that nobody keeps. */
    void unkept(long ringSeq) {
        if (!isUnkept) {
            isUnkept = true;
            LOG.error(
                    "node {}: uses ring number {} and those above without keeping them, as storage fails: until it works,"
                            + " restart this node only with a clock that was not set back",
                    self,
                    ringSeq);
        }
    }

    void works() {
        LOG.info("node {}: ring numbers are reserved again", self);
        cause = "";
        isUnkept = false;
    }
}
