/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.Codec
import dev.totem.blocks.Counters
import dev.totem.blocks.Gates
import dev.totem.blocks.LeaderElection
import dev.totem.blocks.ReplicatedMap
import dev.totem.blocks.WorkItem
import dev.totem.blocks.WorkQueue
import dev.totem.core.NodeId
import dev.totem.core.Quorum
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class BlocksTest {

    private val quorum = Quorum.none()

    @Test
    fun aMap() = onRing(2) { ring ->
        val maps = ring.nodes().map { node ->
            ReplicatedMap.of("prices", quorum, Codec.utf8(), Codec.utf8()).openAndAwait(node)
        }
        maps.forEach { it.inStateAndAwait() }
        val (here, there) = maps
        val changes = async { there.watchAsFlow("apples").take(2).toList() }
        val version = here.putAndAwait("apples", "5")
        assertThat(there.getLatestAndAwait("apples")?.value()).isEqualTo("5")
        assertThat(here.replaceAndAwait("apples", "6", version).isApplied).isTrue()
        assertThat(here.compareAndSetAndAwait("apples", "5", "7").isApplied).isFalse()
        assertThat(here.putIfAbsentAndAwait("apples", "8").isApplied).isFalse()
        here.putAllAndAwait(mapOf("pears" to "3"))
        assertThat(here.entriesAsFlow().toList().map { it.key() }).containsExactlyInAnyOrder("apples", "pears")
        assertThat(here.sizeAndAwait()).isEqualTo(2)
        assertThat(here.removeAndAwait("pears").isApplied).isTrue()
        assertThat(here.getAndAwait("pears")).isNull()
        assertThat(changes.await()).hasSize(2)
        maps.forEach { it.closeAndAwait() }
    }

    @Test
    fun workInTheTermsOfALeaderIsCancelledWhenTheyEnd() = onRing(2) { ring ->
        val elections = ring.nodes().map { LeaderElection.of("lead", quorum).openAndAwait(it) }
        elections.forEach { it.inStateAndAwait() }
        val leading = Channel<Int>(Channel.UNLIMITED)
        val ended = Channel<Int>(Channel.UNLIMITED)
        val standing = elections.mapIndexed { index, election ->
            launch {
                election.whileLeading("job") { own ->
                    assertThat(own.leader()).contains(ring.nodes()[index].id())
                    leading.send(index)
                    try {
                        awaitCancellation()
                    } finally {
                        ended.trySend(index)
                    }
                }
            }
        }
        val first = leading.receive()
        elections[first].resignAndAwait("job")
        assertThat(ended.receive()).isEqualTo(first)
        val second = leading.receive()
        assertThat(second).isEqualTo(1 - first)
        assertThat(elections[first].watchAsFlow("job").first { it.leader().isPresent }.isOwn).isFalse()
        standing[second].cancelAndJoin()
        assertThat(ended.receive()).isEqualTo(second)
        assertThat(leading.receive()).isEqualTo(first)
        standing[first].cancelAndJoin()
    }

    @Test
    fun aWorkerThatEndsGivesBackWhatItDidNotCollect() = onRing(1) { ring ->
        val queue = WorkQueue.of("work", quorum, Codec.utf8()).openAndAwait(ring.node(1))
        repeat(5) { queue.enqueueAndAwait("jobs", "job $it") }
        val taken = CompletableDeferred<WorkItem<String>>()
        val worker = launch {
            queue.workAsFlow("jobs", ahead = 3).collect {
                taken.complete(it)
                awaitCancellation()
            }
        }
        val item = taken.await()
        assertThat(item.value()).isEqualTo("job 0")
        worker.cancelAndJoin()
        item.ackAndAwait()
        val others = queue.workAsFlow("jobs").take(4).toList().onEach { it.ackAndAwait() }
        assertThat(others.map { it.value() }).containsExactlyInAnyOrder("job 1", "job 2", "job 3", "job 4")
        assertThat(queue.sizeAndAwait("jobs")).isZero()
    }

    @Test
    fun questionsAndAnswers() = onRing(2) { ring ->
        val requests = ring.nodes().map { it.openRequests() }
        val serving = requests.map { one ->
            launch { one.serveAsFlow("clock").collect { it.replyAndAwait("it is ${String(it.data())}".toByteArray()) } }
        }
        val asking = ring.node(1).openHandle()
        asking.watchAndAwait("clock")
        asking.groupChangesAsFlow().first { it.members().size == 2 }
        val replies = requests[0].askAllAsFlow("clock", "noon".toByteArray()).toList()
        assertThat(replies).hasSize(2).allMatch { reply -> String(reply.data().orElseThrow()) == "it is noon" }
        assertThat(requests[0].askOneAndAwait("clock", NodeId.of(2), byteArrayOf()).isAnswered).isTrue()
        serving.forEach { it.cancelAndJoin() }
        requests.forEach { it.closeAndAwait() }
    }

    @Test
    fun countersLatchesAndBarriers() = onRing(1) { ring ->
        val counter = Counters.of("counts", quorum).openAndAwait(ring.node(1)).counter("visits")
        assertThat(counter.addAndGetAndAwait(3)).isEqualTo(3)
        assertThat(counter.getLatestAndAwait()).isEqualTo(3)
        val gates = Gates.of("gates", quorum).openAndAwait(ring.node(1))
        val latch = gates.latch("start", 2)
        val waiting = launch { latch.awaitOpen() }
        latch.decrement()
        assertThat(latch.countAndAwait()).isEqualTo(1)
        latch.decrement()
        waiting.join()
        val barrier = gates.barrier("meet", 2)
        List(2) { launch { barrier.awaitAll() } }.forEach { it.join() }
    }
}
