/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.Reply
import dev.totem.blocks.Request
import dev.totem.blocks.Requests
import dev.totem.core.NodeId
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull

/** [Requests.askAll]. */
public fun Requests.askAllAsFlow(group: String, data: ByteArray): Flow<Reply> =
    askAll(group, data).buffered(EVENTS_BUFFER)

/** [Requests.askAll], which ends after so long. */
public fun Requests.askAllAsFlow(group: String, data: ByteArray, atMost: Duration): Flow<Reply> =
    askAll(group, data, atMost.toJavaDuration()).buffered(EVENTS_BUFFER)

/** [Requests.askOne] of the members of a group on a node. */
public suspend fun Requests.askOneAndAwait(group: String, who: NodeId, data: ByteArray): Reply =
    askOne(group, who, data).awaitSingle()

/** [Requests.askOne] of the member that a key chooses. */
public suspend fun Requests.askOneAndAwait(group: String, key: String, data: ByteArray): Reply =
    askOne(group, key, data).awaitSingle()

/**
 * [Requests.serve]: answers what a group is asked, as long as it is collected.
 *
 * @param buffer how many questions are asked for at once, 1 or more
 */
public fun Requests.serveAsFlow(group: String, buffer: Int = EVENTS_BUFFER): Flow<Request> =
    serve(group).buffered(buffer)

/** [Requests.close]. */
public suspend fun Requests.closeAndAwait() {
    close().awaitSingleOrNull()
}

/** [Request.reply]. */
public suspend fun Request.replyAndAwait(answered: ByteArray) {
    reply(answered).awaitSingleOrNull()
}

/** [Request.fail]. */
public suspend fun Request.failAndAwait(why: String) {
    fail(why).awaitSingleOrNull()
}
