/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.client.TotemClient
import dev.totem.core.EvsHandle
import dev.totem.core.Membership
import dev.totem.core.NodeHealth
import dev.totem.core.NodeStats
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull
import reactor.core.scheduler.Scheduler

/** [TotemClient.Builder.connect]. A client that has attached when nobody waits for it any more closes. */
public suspend fun TotemClient.Builder.connectAndAwait(): TotemClient = connect().awaitOwned(TotemClient::dispose)

/** [TotemClient.openHandle]. A handle that is open when nobody waits for it any more is closed. */
public suspend fun TotemClient.openHandleAndAwait(): EvsHandle = openHandle().awaitOwned(EvsHandle::dispose)

/** The same, with the scheduler of its signals. */
public suspend fun TotemClient.openHandleAndAwait(scheduler: Scheduler): EvsHandle =
    openHandle(scheduler).awaitOwned(EvsHandle::dispose)

/** The same, with a name that the members of its groups see. */
public suspend fun TotemClient.openHandleAndAwait(scheduler: Scheduler, name: String): EvsHandle =
    openHandle(scheduler, name).awaitOwned(EvsHandle::dispose)

/** [TotemClient.membership]. */
public suspend fun TotemClient.membershipAndAwait(): Membership = membership().awaitSingle()

/** [TotemClient.health]. */
public suspend fun TotemClient.healthAndAwait(): NodeHealth = health().awaitSingle()

/** [TotemClient.stats]. */
public suspend fun TotemClient.statsAndAwait(): NodeStats = stats().awaitSingle()

/** [TotemClient.close]. Cancelling does not stop it. */
public suspend fun TotemClient.closeAndAwait() {
    close().awaitSingleOrNull()
}

/** [TotemClient.onClose]: returns when it was closed or the executive's node has left, throws what ended it otherwise. */
public suspend fun TotemClient.onCloseAndAwait() {
    onClose().awaitSingleOrNull()
}
