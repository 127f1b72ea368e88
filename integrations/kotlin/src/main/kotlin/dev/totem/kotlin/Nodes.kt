/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.Requests
import dev.totem.core.GroupName
import dev.totem.core.NodeId
import dev.totem.core.Position
import dev.totem.core.RingProgress
import dev.totem.core.TotemNode
import java.util.SortedMap
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull

/** [TotemNode.rekey]. Cancelling does not take back what was proposed. */
public suspend fun TotemNode.rekeyAndAwait(keyId: Int): Position = rekey(keyId).awaitSingle()

/** [TotemNode.expel]. Cancelling does not take back what was proposed. */
public suspend fun TotemNode.expelAndAwait(member: NodeId, keyId: Int): Position = expel(member, keyId).awaitSingle()

/** [TotemNode.progress]; null while the node looks for a ring, and after it ended. */
public suspend fun TotemNode.progressAndAwait(): RingProgress? = progress().awaitSingleOrNull()

/** [TotemNode.groups]. */
public suspend fun TotemNode.groupsAndAwait(most: Int): SortedMap<GroupName, Int> = groups(most).awaitSingle()

/** [TotemNode.leave]. */
public suspend fun TotemNode.leaveAndAwait() {
    leave().awaitSingleOrNull()
}

/** [TotemNode.onClose]: returns when the node has left, throws what it ended with otherwise. */
public suspend fun TotemNode.onCloseAndAwait() {
    onClose().awaitSingleOrNull()
}

/** [Requests.open]. */
public suspend fun TotemNode.openRequests(): Requests = Requests.open(this).awaitSingle()
