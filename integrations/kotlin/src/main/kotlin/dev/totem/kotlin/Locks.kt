/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.FencedLock
import dev.totem.blocks.Lease
import dev.totem.blocks.LeaseLostException
import dev.totem.core.Position
import dev.totem.core.SendFailedException
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactor.awaitSingleOrNull
import kotlinx.coroutines.withContext

/** [FencedLock.acquire]; the caller releases it. Cancelling gives up the place in the line, and a lease that nobody took. */
public suspend fun FencedLock.acquireAndAwait(name: String): Lease {
    refuseIfHeld(name)
    return acquire(name).awaitOwned(::giveBack)
}

/** The same, for at most so long; then it throws [java.util.concurrent.TimeoutException]. */
public suspend fun FencedLock.acquireAndAwait(name: String, atMost: Duration): Lease {
    refuseIfHeld(name)
    return acquire(name, atMost.toJavaDuration()).awaitOwned(::giveBack)
}

/** [FencedLock.tryAcquire]; null if somebody else has the lock, or waits for it. Cancelling gives up a lease that nobody took. */
public suspend fun FencedLock.tryAcquireAndAwait(name: String): Lease? {
    refuseIfHeld(name)
    return tryAcquire(name).awaitOwnedOrNull(::giveBack)
}

/**
 * Does something while a lock is held, and releases it when that has returned, thrown or, when the caller was cancelled, ended: while
 * [work] is cancelled the lock is still held. Returns when the lock is free, for which a part without a quorum waits; who is cancelled does
 * not wait for it.
 *
 * If the lease is lost the work is cancelled, and [LeaseLostException] is thrown when it has ended. Otherwise it throws as
 * [FencedLock.acquire] does, or what the work throws; [SendFailedException] also inside of itself for the same lock, which is not
 * reentrant.
 */
public suspend fun <T> FencedLock.withLock(name: String, work: suspend (Lease) -> T): T {
    val lease = acquireAndAwait(name)
    try {
        return withContext(HeldLocks.with(this, name, currentCoroutineContext())) { whileHeld(lease, work) }
    } finally {
        if (currentCoroutineContext().isActive) lease.releaseAndAwait() else giveBack(lease)
    }
}

private suspend fun <T> whileHeld(lease: Lease, work: suspend (Lease) -> T): T = coroutineScope {
    val watch = launch {
        lease.lost().awaitSingleOrNull()?.let { why -> throw LeaseLostException(lease.name(), lease.token(), why) }
    }
    val result = async { work(lease) }.await()
    watch.cancel()
    result
}

/** [Lease.lost]: why, or null when it was released. */
public suspend fun Lease.lostAndAwait(): String? = lost().awaitSingleOrNull()

/** [Lease.release]; null if it was not held any more. Cancelling changes nothing. */
public suspend fun Lease.releaseAndAwait(): Position? = release().awaitSingleOrNull()

private fun giveBack(lease: Lease) {
    lease.release().subscribe({}, {})
}

private suspend fun FencedLock.refuseIfHeld(name: String) {
    if (currentCoroutineContext()[HeldLocks]?.held?.contains(Held(this, name)) == true) {
        throw SendFailedException.refused(
            "lock $name is held around this call, and is not reentrant: use the lease that is there",
        )
    }
}

private data class Held(val lock: FencedLock, val name: String)

private class HeldLocks(val held: Set<Held>) : AbstractCoroutineContextElement(HeldLocks) {
    companion object Key : CoroutineContext.Key<HeldLocks> {
        fun with(lock: FencedLock, name: String, context: CoroutineContext): HeldLocks =
            HeldLocks(context[HeldLocks]?.held.orEmpty() + Held(lock, name))
    }
}
