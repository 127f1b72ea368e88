/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a line of input asks a node to do. Any thread. */
sealed interface NodeRequest {

    /**
     * Send a message.
     *
     * @param tag returned with the outcome
     * @param groups where to; empty means the joined groups
     * @param to members it is addressed to instead of groups
     * @param isOnlyInPrimary whether it is refused in a part without quorum
     */
    record Send(
            String tag,
            List<GroupName> groups,
            List<To> to,
            Guarantee guarantee,
            boolean isOnlyInPrimary,
            SortedMap<String, String> headers,
            byte[] data)
            implements NodeRequest {

        /** A plain message to the joined groups. */
        Send(String tag, byte[] data) {
            this(tag, List.of(), List.of(), Guarantee.AGREED, false, new TreeMap<>(), data);
        }

        public Send {
            groups = List.copyOf(groups);
            to = List.copyOf(to);
        }
    }

    /** A member as one line names it: its node, and the rest if it was said. */
    record To(NodeId node, OptionalInt handle, OptionalLong life) {

        /** The member, if it was named as a whole. */
        Optional<MemberId> whole() {
            return handle.isPresent() && life.isPresent()
                    ? Optional.of(new MemberId(node, life.getAsLong(), handle.getAsInt()))
                    : Optional.empty();
        }

        boolean means(MemberId member) {
            return member.node().equals(node)
                    && (handle.isEmpty() || handle.getAsInt() == member.handle())
                    && (life.isEmpty() || life.getAsLong() == member.life());
        }
    }

    /** Join groups, at least one. */
    record Join(Optional<String> tag, List<GroupName> groups) implements NodeRequest {
        public Join {
            groups = List.copyOf(groups);
        }
    }

    /** Leave groups, at least one. */
    record Leave(Optional<String> tag, List<GroupName> groups) implements NodeRequest {
        public Leave {
            groups = List.copyOf(groups);
        }
    }

    /** Show the changes of groups without joining them, at least one; or show them no more. */
    record Watch(Optional<String> tag, List<GroupName> groups, boolean isOn) implements NodeRequest {
        public Watch {
            groups = List.copyOf(groups);
        }
    }

    /** Show who is in a group, as of the events shown so far. */
    record InGroup(GroupName group) implements NodeRequest {}

    /**
     * Let the ring seal with another key.
     *
     * @param without a member to be left out, if one is
     */
    record Rekey(Optional<String> tag, int key, Optional<NodeId> without) implements NodeRequest {}

    /** Show whether the node holds the lease of a primary configuration. */
    record Lease() implements NodeRequest {}

    /** Show the membership. */
    record Members() implements NodeRequest {}

    /** Show counters and gauges. */
    record Stats() implements NodeRequest {}

    /** Leave the ring in order and end. */
    record Quit() implements NodeRequest {}
}
