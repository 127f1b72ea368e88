/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.core.Message
import dev.totem.core.NodeClosedException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.async
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withContext
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class HandlesTest {

    private class Name(val name: String) : AbstractCoroutineContextElement(Name) {
        companion object Key : CoroutineContext.Key<Name>
    }

    private fun message(text: String): Message = Message.to("talk").payload(text.toByteArray())

    @Test
    fun allSeeTheSameOrder() = onRing(3) { ring ->
        val handles = ring.nodes().map { it.openHandle() }
        handles.forEach { it.joinAndAwait("talk") }
        val heard = handles.map { handle ->
            async { handle.deliveriesAsFlow().map { String(it.payload()) }.take(30).toList() }
        }
        handles.forEach { handle -> handle.eventsAsFlow().first() }
        val sent = handles.map { handle ->
            async { handle.sendAllAndAwait(flow { repeat(10) { emit(message("${handle.id()} says $it")) } }) }
        }
        assertThat(sent.map { it.await() }).containsExactly(10L, 10L, 10L)
        assertThat(heard.map { it.await() }.distinct()).hasSize(1)
        handles.forEach { it.closeAndAwait() }
    }

    @Test
    fun aFlowOfSendsIsCollectedAsPositionsAreAskedForAndInTheContextOfTheCollector() = onRing(1) { ring ->
        val handle = ring.node(1).openHandle()
        val made = AtomicInteger()
        val endless = flow {
            assertThat(currentCoroutineContext()[Name]?.name).isEqualTo("collector")
            while (true) {
                emit(message("number ${made.incrementAndGet()}"))
            }
        }
        val positions = withContext(Name("collector")) { handle.sendAllAsFlow(endless, buffer = 2).take(4).toList() }
        assertThat(positions).hasSize(4).isSorted()
        assertThat(made.get()).isBetween(4, 8)
    }

    @Test
    fun aCollectorMaySendAndWait() = onRing(1) { ring ->
        val handle = ring.node(1).openHandle()
        handle.joinAndAwait("talk")
        val count = AtomicInteger()
        val echo = async {
            handle.deliveriesAsFlow(buffer = 1).filter { count.incrementAndGet() < 20 }.take(10).collect { heard ->
                handle.sendAndAwait(message("${String(heard.payload())} again"))
            }
        }
        handle.eventsAsFlow().first()
        handle.sendAndAwait(message("hello"))
        echo.await()
    }

    @Test
    fun groupsAndTheEndOfAHandle() = onRing(1) { ring ->
        val handle = ring.node(1).openHandle()
        handle.joinAndAwait("talk")
        handle.watchAndAwait("other")
        assertThat(handle.groupChangesAsFlow().first().members()).isNotEmpty()
        assertThat(handle.configChangesAsFlow().first().members()).hasSize(1)
        handle.unwatchAndAwait("other")
        handle.leaveAndAwait("talk")
        assertThat(handle.joinAndAwait(emptyList())).isNull()
        handle.closeAndAwait()
        val failure = runCatching { handle.sendAndAwait(byteArrayOf(1)) }.exceptionOrNull()
        assertThat(failure).isNotNull()
        ring.node(1).leaveAndAwait()
        ring.node(1).onCloseAndAwait()
        assertThat(runCatching { handle.eventsAsFlow().toList() }.exceptionOrNull())
            .isInstanceOf(NodeClosedException::class.java)
    }
}
