/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import dev.totem.core.Delivery;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Position;
import dev.totem.core.internal.group.GroupEnvelope;
import dev.totem.core.internal.group.GroupNotice;
import dev.totem.core.internal.group.KeyNotice;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.packing.MessageBytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message that the ring has delivered: it has groups, or is a notice, or is neither and for nobody. Node loop only. */
record Unpacked(
        RegularMessage frame,
        boolean isOwn,
        int index,
        long number,
        @Nullable GroupEnvelope envelope,
        @Nullable KeyNotice notice,
        @Nullable GroupNotice groupNotice,
        MessageBytes body) {

    List<GroupName> groups() {
        return envelope == null ? List.of() : envelope.groups();
    }

    List<MemberId> recipients() {
        return envelope == null ? List.of() : envelope.recipients();
    }

    Position position() {
        return new Position(frame.ring(), frame.seq(), index);
    }

    Delivery delivery(Position position) {
        return envelope == null || envelope.headers().isEmpty()
                ? new Delivery(frame.origin().node(), groups(), frame.guarantee(), position, body.readRemaining())
                : new Delivery(
                        frame.origin().node(),
                        groups(),
                        frame.guarantee(),
                        position,
                        envelope.headers(),
                        body.readRemaining());
    }
}
