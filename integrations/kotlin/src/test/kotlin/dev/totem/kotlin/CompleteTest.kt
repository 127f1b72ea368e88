/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.Barrier
import dev.totem.blocks.Block
import dev.totem.blocks.BlockBuilder
import dev.totem.blocks.Counter
import dev.totem.blocks.Counters
import dev.totem.blocks.FencedLock
import dev.totem.blocks.Gates
import dev.totem.blocks.IdBlock
import dev.totem.blocks.Latch
import dev.totem.blocks.LeaderElection
import dev.totem.blocks.Lease
import dev.totem.blocks.ReplicatedMap
import dev.totem.blocks.ReplicatedState
import dev.totem.blocks.Request
import dev.totem.blocks.Requests
import dev.totem.blocks.WorkItem
import dev.totem.blocks.WorkQueue
import dev.totem.client.TotemClient
import dev.totem.core.EvsHandle
import dev.totem.core.TotemNode
import dev.totem.transport.TcpTotem
import dev.totem.transport.UdpTotem
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import kotlin.io.path.Path
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.reactivestreams.Publisher

/** Everything that returns a Mono or a Flux has a form here. */
class CompleteTest {

    private val types = listOf(
        TotemNode::class, EvsHandle::class, UdpTotem::class, TcpTotem::class, TotemClient::class,
        TotemClient.Builder::class, Block::class, BlockBuilder::class, ReplicatedState::class, ReplicatedMap::class,
        FencedLock::class, Lease::class, LeaderElection::class, WorkQueue::class, WorkItem::class, Requests::class,
        Request::class, Counters::class, Counter::class, IdBlock::class, Gates::class, Latch::class, Barrier::class,
    ).map { it.java }

    /** Whose names would say something else. */
    private val renamed = mapOf(
        "Latch.countDown" to "decrement",
        "Latch.await" to "awaitOpen",
        "Barrier.await" to "awaitAll",
        "FencedLock.usingLock" to "withLock",
    )

    @Test
    fun hasAFormOfEachMethod() {
        val missing = types.flatMap { type -> reactive(type).filterNot { has(type, it) }.map { "${type.simpleName}.${it.name}" } }
        assertThat(missing).isEmpty()
        assertThat(types.sumOf { reactive(it).size }).isGreaterThan(60)
    }

    private fun reactive(type: Class<*>): List<Method> = type.methods.filter { method ->
        Publisher::class.java.isAssignableFrom(method.returnType) &&
            !Modifier.isStatic(method.modifiers) &&
            (type == Block::class.java || !isOfBlock(method, type))
    }

    private fun isOfBlock(method: Method, type: Class<*>): Boolean =
        Block::class.java.isAssignableFrom(type) &&
            Block::class.java.methods.any { it.name == method.name && method.parameterCount == 0 }

    private fun has(type: Class<*>, method: Method): Boolean {
        val names = renamed["${type.simpleName}.${method.name}"]?.let(::listOf)
            ?: listOf("${method.name}AndAwait", "${method.name}AsFlow")
        val least = method.parameterCount + 1
        return facades.flatMap { it.methods.toList() }.any {
            it.name.substringBefore('-') in names &&
                it.parameterTypes.firstOrNull()?.isAssignableFrom(type) == true &&
                it.parameterCount >= least
        }
    }

    private val facades: List<Class<*>> =
        Path("target", "classes", "dev", "totem", "kotlin").listDirectoryEntries("*Kt.class")
            .map { Class.forName("dev.totem.kotlin.${it.name.removeSuffix(".class")}") }
}
