/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.FencedLock
import dev.totem.blocks.LeaderElection
import dev.totem.blocks.WorkQueue
import dev.totem.core.EvsHandle
import dev.totem.core.Message
import dev.totem.core.TotemNode
import dev.totem.testkit.Simulation
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactor.asCoroutineDispatcher
import kotlinx.coroutines.withContext
import reactor.core.scheduler.Schedulers

/** The code of docs/KOTLIN.md. */
@Suppress("unused")
internal object Examples {

    // example:handle
    suspend fun chat(node: TotemNode, lines: Flow<String>) = coroutineScope {
        val handle = node.openHandle()
        try {
            handle.joinAndAwait("chat")
            launch {
                handle.deliveriesAsFlow().collect { heard ->
                    println("${heard.position()} ${heard.payload().decodeToString()}")
                }
            }
            handle.sendAllAndAwait(lines.map { Message.to("chat").payload(it.encodeToByteArray()) })
        } finally {
            withContext(NonCancellable) { handle.closeAndAwait() }
        }
    }
    // example:end

    // example:lock
    suspend fun pay(locks: FencedLock, account: suspend (token: String) -> Long): Long =
        locks.withLock("pay day") { lease -> account(lease.token()) }
    // example:end

    // example:leader
    suspend fun report(elections: LeaderElection, send: suspend () -> Unit) =
        elections.whileLeading("report") {
            while (true) {
                send()
                delay(60.seconds)
            }
        }
    // example:end

    // example:queue
    suspend fun work(queue: WorkQueue<String>, resize: suspend (String) -> Unit) =
        queue.workAsFlow("pictures").collect { item ->
            try {
                resize(item.value())
                item.ackAndAwait()
            } catch (failure: Exception) {
                withContext(NonCancellable) { item.giveBackAndAwait() }
                throw failure
            }
        }
    // example:end

    // example:simulation
    fun inVirtualTime(sim: Simulation, program: suspend CoroutineScope.(EvsHandle) -> Unit) =
        sim.onStart { node ->
            CoroutineScope(Schedulers.parallel().asCoroutineDispatcher()).launch { program(node.openHandle()) }
        }
    // example:end
}
