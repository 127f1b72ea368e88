/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.FencedLock
import dev.totem.blocks.LeaseLostException
import dev.totem.core.Quorum
import dev.totem.core.SendFailedException
import dev.totem.testkit.TestRing
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.withContext
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class LocksTest {

    private suspend fun locks(ring: TestRing, node: Int, quorum: Quorum = Quorum.none()): FencedLock =
        FencedLock.of("locks", quorum).lease(Duration.ofMillis(400)).openAndAwait(ring.node(node))

    @Test
    fun oneAtATimeAndReleasedBeforeItReturns() = onRing(2) { ring ->
        val one = locks(ring, 1)
        val two = locks(ring, 2)
        var inside = 0
        val most = List(10) { number ->
            async {
                (if (number % 2 == 0) one else two).withLock("till") {
                    inside++
                    val seen = inside
                    one.inStateAndAwait()
                    inside--
                    seen
                }
            }
        }.map { it.await() }.max()
        assertThat(most).isEqualTo(1)
        assertThat(two.withLock("till") { lease -> lease.isHeld }).isTrue()
        val lease = one.tryAcquireAndAwait("till")
        assertThat(lease).isNotNull()
        assertThat(two.tryAcquireAndAwait("till")).isNull()
        lease?.releaseAndAwait()
        assertThat(lease?.lostAndAwait()).isNull()
    }

    @Test
    fun aCancelledHolderKeepsTheLockUntilItsWorkHasEnded() = onRing(1) { ring ->
        val locks = locks(ring, 1)
        val begun = CompletableDeferred<Unit>()
        val cleaning = CompletableDeferred<Unit>()
        val mayEnd = CompletableDeferred<Unit>()
        val holder = launch {
            locks.withLock("till") {
                try {
                    begun.complete(Unit)
                    awaitCancellation()
                } finally {
                    cleaning.complete(Unit)
                    withContext(NonCancellable) { mayEnd.await() }
                }
            }
        }
        begun.await()
        holder.cancel()
        cleaning.await()
        assertThat(locks.tryAcquireAndAwait("till")).isNull()
        mayEnd.complete(Unit)
        holder.join()
        assertThat(locks.tryAcquireAndAwait("till")).isNotNull()
    }

    @Test
    fun whoIsCancelledWhileItWaitsGivesItsPlaceUp() = onRing(1) { ring ->
        val locks = locks(ring, 1)
        val lease = locks.acquireAndAwait("till")
        val waiting = List(3) { launch { locks.withLock("till") { } } }
        assertThat(runCatching { locks.acquireAndAwait("till", 50.milliseconds) }.exceptionOrNull())
            .isInstanceOf(java.util.concurrent.TimeoutException::class.java)
        waiting.forEach { it.cancel() }
        waiting.joinAll()
        lease.releaseAndAwait()
        assertThat(locks.withLock("till") { it.isHeld }).isTrue()
    }

    @Test
    fun isNotReentrantAndSaysSo() = onRing(1) { ring ->
        val locks = locks(ring, 1)
        val failure = locks.withLock("till") {
            coroutineScope { runCatching { locks.withLock("till") { } }.exceptionOrNull() }
        }
        assertThat(failure).isInstanceOf(SendFailedException::class.java).hasMessageContaining("not reentrant")
        assertThat(locks.withLock("till") { locks.withLock("door") { 7 } }).isEqualTo(7)
    }

    @Test
    fun aLostLeaseCancelsTheWork() = onRing(3, MAJORITY) { ring ->
        val locks = locks(ring, 1, MAJORITY)
        locks(ring, 2, MAJORITY)
        locks(ring, 3, MAJORITY)
        locks.inStateAndAwait()
        var isCancelled = false
        val failure = runCatching {
            locks.withLock("till") {
                ring.partition(1)
                try {
                    awaitCancellation()
                } finally {
                    isCancelled = true
                }
            }
        }.exceptionOrNull()
        assertThat(failure).isInstanceOf(LeaseLostException::class.java).hasMessageContaining("till")
        assertThat(isCancelled).isTrue()
    }

    @Test
    fun whoWaitsForTheReleaseInAPartWithoutAQuorumMayBeCancelled() = onRing(3, MAJORITY) { ring ->
        val locks = ring.nodes().map { node ->
            FencedLock.of("locks", MAJORITY).lease(Duration.ofSeconds(60)).openAndAwait(node)
        }
        val changes = ring.node(1).openHandle()
        val worked = CompletableDeferred<Boolean>()
        val working = launch {
            locks[0].withLock("till") { lease ->
                ring.partition(1)
                changes.configChangesAsFlow().first { it.isRegular && it.members().size == 1 }
                worked.complete(lease.isHeld)
            }
        }
        assertThat(worked.await()).isTrue()
        working.cancelAndJoin()
    }

    @Test
    fun whatTheWorkThrowsIsThrownAndTheLockIsFree() = onRing(1) { ring ->
        val locks = locks(ring, 1)
        val failure = runCatching { locks.withLock<Unit>("till") { error("broken") } }.exceptionOrNull()
        assertThat(failure).isInstanceOf(IllegalStateException::class.java).hasMessage("broken")
        assertThat(locks.tryAcquire("till").awaitSingle().isHeld).isTrue()
    }
}
