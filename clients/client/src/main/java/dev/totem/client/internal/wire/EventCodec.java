/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import java.util.List;

/** The bytes of events. */
final class EventCodec {

    private EventCodec() {}

    static void write(Output out, Frame.Event event) {
        out.int32(event.subscription());
        if (event.event() instanceof Delivery delivery) {
            out.u8(FrameType.DELIVERY);
            out.int32(delivery.sender().value());
            out.oneOf(Codes.GUARANTEES, delivery.guarantee());
            out.position(delivery.position());
            out.groups(delivery.groups());
            out.headers(delivery.headers());
            out.bytes(delivery.payloadView());
        } else if (event.event() instanceof ConfigChange change) {
            out.u8(FrameType.CONFIG_CHANGE);
            out.configuration(change);
        } else if (event.event() instanceof GroupChange change) {
            out.u8(FrameType.GROUP_CHANGE);
            out.text(change.group().value());
            out.oneOf(Codes.REASONS, change.reason());
            out.position(change.position());
            out.members(change.joined());
            out.members(change.left());
            out.flag(event.membersAsTold());
            if (!event.membersAsTold()) {
                out.members(change.members());
            }
        }
    }

    static Frame.Event read(Input in) {
        int subscription = in.int32();
        int kind = in.u8();
        return switch (kind) {
            case FrameType.DELIVERY -> {
                var sender = in.node();
                var guarantee = in.oneOf(Codes.GUARANTEES);
                var position = in.position();
                List<GroupName> groups = in.groups();
                var headers = in.headers();
                yield new Frame.Event(
                        subscription, new Delivery(sender, groups, guarantee, position, headers, in.bytes()), false);
            }
            case FrameType.CONFIG_CHANGE -> new Frame.Event(subscription, in.configuration(), false);
            case FrameType.GROUP_CHANGE -> {
                GroupName group = in.group();
                var reason = in.oneOf(Codes.REASONS);
                var position = in.position();
                var joined = in.members();
                var left = in.members();
                boolean asTold = in.flag();
                var members = asTold ? List.<GroupMember>of() : in.members();
                yield new Frame.Event(
                        subscription, new GroupChange(group, members, joined, left, reason, position), asTold);
            }
            default -> throw new IllegalArgumentException("no such event: " + kind);
        };
    }
}
