/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.Barrier
import dev.totem.blocks.Counter
import dev.totem.blocks.IdBlock
import dev.totem.blocks.Latch
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull

/** [Counter.addAndGet]. */
public suspend fun Counter.addAndGetAndAwait(by: Long): Long = addAndGet(by).awaitSingle()

/** [Counter.get]: what this node has, which may be behind; null if it has no state. */
public suspend fun Counter.getAndAwait(): Long? = get().awaitSingleOrNull()

/** [Counter.getLatest]: linearizable. */
public suspend fun Counter.getLatestAndAwait(): Long? = getLatest().awaitSingleOrNull()

/** [IdBlock.next]. */
public suspend fun IdBlock.nextAndAwait(): Long = next().awaitSingle()

/** [Latch.countDown]. Returns when it is counted; it does not wait for the others. */
public suspend fun Latch.decrement() {
    countDown().awaitSingleOrNull()
}

/** [Latch.await]: returns when the latch is open. */
public suspend fun Latch.awaitOpen() {
    await().awaitSingleOrNull()
}

/** [Latch.count]; null if this node has no state. */
public suspend fun Latch.countAndAwait(): Long? = count().awaitSingleOrNull()

/** [Barrier.await]: returns when all parties have come. Cancelling is as there. */
public suspend fun Barrier.awaitAll() {
    await().awaitSingleOrNull()
}
