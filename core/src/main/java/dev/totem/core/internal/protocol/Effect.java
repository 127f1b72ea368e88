/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.TotemException;
import dev.totem.core.internal.membership.RingAgreement;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularMessage;

/** Everything the machine wants done, to be carried out in the order given. */
public sealed interface Effect {

    /** Send to everybody. */
    record Multicast(ProtocolMessage message) implements Effect {}

    /** Send to one node; to the node itself it is a hop like any other, never a call ({@code PROTOCOL.md} 0.2). */
    record Unicast(NodeId to, ProtocolMessage message) implements Effect {}

    /**
     * This node is about to use the number; no later effect is carried out before it is reserved on stable storage
     * ({@code PROTOCOL.md} 8).
     */
    record Persist(long ringSeq) implements Effect {}

    /** Hand a message to the application, in the configuration installed last. */
    record Deliver(RegularMessage message) implements Effect {}

    /** Hand a configuration change to the application. */
    record Install(ConfigChange change) implements Effect {}

    /** What the members of the ring installed last have in common; right after that install. */
    record Agreed(RingAgreement agreement) implements Effect {}

    /** The node cannot go on; nothing follows. */
    record Stop(TotemException reason) implements Effect {}
}
