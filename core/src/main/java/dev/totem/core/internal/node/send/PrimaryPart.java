/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.RingId;
import dev.totem.core.SendFailedException;
import dev.totem.core.SendFailedException.Fate;
import dev.totem.core.internal.node.observe.QuorumLack;
import java.util.List;
import java.util.Optional;

/** Whether the part that this node's users know to be in may decide, and what is said to those who send where it may not. Node loop only. */
public final class PrimaryPart {

    private final Quorum quorum;
    private ConfigChange current;

    public PrimaryPart(NodeId self, Quorum quorum) {
        this.quorum = quorum;
        current = ConfigChange.regular(new RingId(self, 0), List.of(self), List.of())
                .withPrimary(isPrimaryAlone());
    }

    /** Any thread: whether a node without a ring may decide. */
    boolean isPrimaryAlone() {
        return quorum.isNone();
    }

    /** A configuration is current from here on. */
    void changed(ConfigChange change) {
        current = change;
    }

    /** Why what is only for primaries cannot be ordered here; empty if it can. */
    Optional<SendFailedException> refusal() {
        return current.isPrimary()
                ? Optional.empty()
                : Optional.of(
                        new SendFailedException(Fate.REFUSED, "only for a primary configuration: " + lack(), true));
    }

    /** What becomes of an own message that is delivered now and was only for primaries; empty if that was right. */
    Optional<SendFailedException> broken() {
        return current.isRegular()
                ? Optional.empty()
                : Optional.of(SendFailedException.transitional(
                        "ordered in the primary configuration of ring " + current.ring()
                                + ", which broke: delivered in its transitional configuration of members "
                                + current.members(),
                        current));
    }

    private String lack() {
        return QuorumLack.of(quorum, current.members());
    }
}
