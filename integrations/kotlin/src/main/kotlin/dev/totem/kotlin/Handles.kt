/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.core.ConfigChange
import dev.totem.core.Delivery
import dev.totem.core.EvsEvent
import dev.totem.core.EvsHandle
import dev.totem.core.GroupChange
import dev.totem.core.GroupName
import dev.totem.core.Message
import dev.totem.core.OverflowPolicy
import dev.totem.core.Position
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.reactor.asFlux
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull

/** [EvsHandle.join]. Cancelling does not take it back. */
public suspend fun EvsHandle.joinAndAwait(first: String, vararg more: String): Position =
    join(first, *more).awaitSingle()

/** [EvsHandle.join]; null of no groups. */
public suspend fun EvsHandle.joinAndAwait(groups: Collection<GroupName>): Position? = join(groups).awaitSingleOrNull()

/** [EvsHandle.leave]. Cancelling does not take it back. */
public suspend fun EvsHandle.leaveAndAwait(first: String, vararg more: String): Position =
    leave(first, *more).awaitSingle()

/** [EvsHandle.leave]; null of no groups. */
public suspend fun EvsHandle.leaveAndAwait(groups: Collection<GroupName>): Position? = leave(groups).awaitSingleOrNull()

/** [EvsHandle.watch]. */
public suspend fun EvsHandle.watchAndAwait(first: String, vararg more: String) {
    watch(first, *more).awaitSingleOrNull()
}

/** [EvsHandle.watch]. */
public suspend fun EvsHandle.watchAndAwait(groups: Collection<GroupName>) {
    watch(groups).awaitSingleOrNull()
}

/** [EvsHandle.unwatch]. */
public suspend fun EvsHandle.unwatchAndAwait(first: String, vararg more: String) {
    unwatch(first, *more).awaitSingleOrNull()
}

/** [EvsHandle.unwatch]. */
public suspend fun EvsHandle.unwatchAndAwait(groups: Collection<GroupName>) {
    unwatch(groups).awaitSingleOrNull()
}

/** [EvsHandle.send]. Cancelling before the message was ordered takes it back; once ordered it is delivered all the same. */
public suspend fun EvsHandle.sendAndAwait(payload: ByteArray): Position = send(payload).awaitSingle()

/** [EvsHandle.send]. Cancelling before the message was ordered takes it back; once ordered it is delivered all the same. */
public suspend fun EvsHandle.sendAndAwait(message: Message): Position = send(message).awaitSingle()

/**
 * [EvsHandle.sendAll] of a flow, which is collected as fast as the ring admits, in the context of the collector; cancelling takes back
 * what was not ordered.
 *
 * @param buffer how many positions are asked for at once, 1 or more
 */
public fun EvsHandle.sendAllAsFlow(messages: Flow<Message>, buffer: Int = SENDS_BUFFER): Flow<Position> = flow {
    val context = currentCoroutineContext().minusKey(Job)
    emitAll(sendAll(messages.asFlux(context)).buffered(buffer))
}

/** [EvsHandle.sendAll] of a flow, for who does not need the positions; returns how many messages were sent. */
public suspend fun EvsHandle.sendAllAndAwait(messages: Flow<Message>): Long {
    val context = currentCoroutineContext().minusKey(Job)
    return sendAll(messages.asFlux(context)).count().awaitSingle()
}

/**
 * [EvsHandle.events]. What waits in the flow's buffer was taken, for the rules of backpressure; a collector that is slower than the
 * ring holds it back when buffer and queue are full.
 *
 * @param buffer how many events are asked for at once, 1 or more
 */
public fun EvsHandle.eventsAsFlow(
    policy: OverflowPolicy = OverflowPolicy.HOLD_BACK,
    buffer: Int = EVENTS_BUFFER,
): Flow<EvsEvent> = events(policy).buffered(buffer)

/** [EvsHandle.deliveries], as [eventsAsFlow]. */
public fun EvsHandle.deliveriesAsFlow(buffer: Int = EVENTS_BUFFER): Flow<Delivery> = deliveries().buffered(buffer)

/** [EvsHandle.configChanges], as [eventsAsFlow]. */
public fun EvsHandle.configChangesAsFlow(buffer: Int = EVENTS_BUFFER): Flow<ConfigChange> =
    configChanges().buffered(buffer)

/** [EvsHandle.groupChanges], as [eventsAsFlow]. */
public fun EvsHandle.groupChangesAsFlow(buffer: Int = EVENTS_BUFFER): Flow<GroupChange> =
    groupChanges().buffered(buffer)

/** [EvsHandle.close]. Cancelling does not stop it. */
public suspend fun EvsHandle.closeAndAwait() {
    close().awaitSingleOrNull()
}
