/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import dev.totem.core.GroupChange;
import dev.totem.core.GroupName;
import dev.totem.core.Position;
import dev.totem.core.internal.node.crossing.EventSubscription;
import dev.totem.core.internal.node.send.HandleState;
import dev.totem.core.internal.node.send.PendingSend;
import java.util.Set;

/** What a group, or a handle, is told before the next message is handed on, in order. */
sealed interface GroupOutput {

    /** To the handles in the group and those that watch it, and to those that have just left it. */
    record Changed(GroupChange change, Set<HandleState> also) implements GroupOutput {}

    /** An own notice, whose consequences were handed on before. */
    record Came(long number, Position position) implements GroupOutput {}

    /** An own notice that was told in the list instead. */
    record Told(PendingSend send, Position position) implements GroupOutput {}

    /** All groups of a handle as they are, to a new subscriber. */
    record Current(HandleState handle, EventSubscription subscription) implements GroupOutput {}

    /** A group that a handle watches from here on. */
    record Watched(HandleState handle, GroupName group) implements GroupOutput {}
}
