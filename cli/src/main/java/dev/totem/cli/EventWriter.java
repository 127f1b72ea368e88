/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.EvsEvent;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.Membership;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Shows what happens at a node. One thread, the lane of the handle; each method writes one line, which may wait in a
 * buffer until {@link #flush()}, and throws {@link java.io.UncheckedIOException} when the output is gone.
 */
interface EventWriter {

    /**
     * What follows is of this node.
     *
     * @param quorum what it says which part is primary
     * @param isAttached whether the node is an executive's, and what follows may begin in the middle of things
     */
    void ready(NodeId node, Quorum quorum, boolean isAttached);

    void event(EvsEvent event);

    void sent(String tag, Position position);

    void sendFailed(String tag, Throwable reason);

    void rekeyed(Optional<String> tag, int key, Position position);

    void error(Optional<String> tag, String what);

    void membership(Membership membership);

    /** Whether the lease is held, and for how long if it is not renewed. */
    void lease(boolean isHeld, Duration remaining);

    /** Who is in a group. */
    void members(GroupName group, List<GroupMember> members);

    void stats(NodeStats values);

    void flush();
}
