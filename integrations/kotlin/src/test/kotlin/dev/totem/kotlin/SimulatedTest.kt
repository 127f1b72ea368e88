/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.core.Message
import dev.totem.core.NodeId
import dev.totem.testkit.Fault
import dev.totem.testkit.Simulation
import dev.totem.testkit.TotemSimulation
import java.time.Duration
import java.util.TreeMap
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactor.asCoroutineDispatcher
import org.assertj.core.api.Assertions.assertThat
import reactor.core.scheduler.Schedulers

class SimulatedTest {

    /** Coroutines on Reactor's schedulers run in virtual time, their delays too. */
    @TotemSimulation(nodes = 3, seeds = 5, faults = [Fault.LOSS, Fault.DELAY])
    fun allHearTheSameOrder(sim: Simulation) {
        val heard = TreeMap<NodeId, MutableList<String>>()
        sim.onStart { node ->
            val handle = node.openHandle()
            val mine = heard.getOrPut(node.id()) { mutableListOf() }
            val scope = CoroutineScope(Schedulers.parallel().asCoroutineDispatcher())
            scope.launch {
                handle.joinAndAwait("talk")
                launch { handle.deliveriesAsFlow().collect { mine += String(it.payload()) } }
                delay(1_000.milliseconds)
                repeat(5) {
                    delay(20.milliseconds)
                    handle.sendAndAwait(Message.to("talk").payload("${node.id()} says $it".toByteArray()))
                }
            }
        }
        sim.run(Duration.ofSeconds(3))
        sim.settle()
        assertThat(heard.values.distinct()).hasSize(1)
        assertThat(heard.values.first()).hasSize(15)
    }
}
