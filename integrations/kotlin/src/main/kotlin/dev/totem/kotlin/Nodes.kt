/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.Requests
import dev.totem.core.EvsHandle
import dev.totem.core.GroupName
import dev.totem.core.HandleSource
import dev.totem.core.NodeId
import dev.totem.core.PeerStatus
import dev.totem.core.Position
import dev.totem.core.RingProgress
import dev.totem.core.TotemNode
import java.util.SortedMap
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull
import reactor.core.scheduler.Scheduler

/** [TotemNode.rekey]. Cancelling does not take back what was proposed. */
public suspend fun TotemNode.rekeyAndAwait(keyId: Int): Position = rekey(keyId).awaitSingle()

/** [TotemNode.expel]. Cancelling does not take back what was proposed. */
public suspend fun TotemNode.expelAndAwait(member: NodeId, keyId: Int): Position = expel(member, keyId).awaitSingle()

/** [TotemNode.progress]; null while the node looks for a ring, and after it ended. */
public suspend fun TotemNode.progressAndAwait(): RingProgress? = progress().awaitSingleOrNull()

/** [TotemNode.peers]. */
public suspend fun TotemNode.peersAndAwait(): List<PeerStatus> = peers().awaitSingle()

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

/** [HandleSource.handle], of a node or of a client. A handle that is open when nobody waits for it any more is closed. */
public suspend fun HandleSource.handleAndAwait(scheduler: Scheduler): EvsHandle =
    handle(scheduler).awaitOwned(EvsHandle::dispose)

/** The same, with a name that the members of its groups see. */
public suspend fun HandleSource.handleAndAwait(scheduler: Scheduler, name: String): EvsHandle =
    handle(scheduler, name).awaitOwned(EvsHandle::dispose)

/** [Requests.open]. */
public suspend fun HandleSource.openRequests(): Requests = Requests.open(this).awaitSingle()
