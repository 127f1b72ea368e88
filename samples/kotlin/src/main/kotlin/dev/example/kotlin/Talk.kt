/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.kotlin

import dev.totem.core.EvsHandle
import dev.totem.core.Message
import dev.totem.core.TotemNode
import dev.totem.kotlin.configChangesAsFlow
import dev.totem.kotlin.deliveriesAsFlow
import dev.totem.kotlin.joinAndAwait
import dev.totem.kotlin.leaveAndAwait
import dev.totem.kotlin.sendAllAndAwait
import dev.totem.kotlin.startAndAwait
import dev.totem.security.AeadSeal
import dev.totem.security.KeyFile
import dev.totem.transport.Peer
import dev.totem.transport.UdpTotem
import java.net.DatagramSocket
import java.net.InetAddress
import java.nio.file.Path
import kotlin.io.path.createTempDirectory
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

private const val NODES = 3
private const val EACH = 3
private val LIMIT = 30.seconds

/** Three nodes say things at the same time, and are delivered them in the same order. */
public fun main(): Unit = runBlocking {
    val nodes = withTimeout(LIMIT) { start() }
    try {
        withTimeout(LIMIT) {
            val orders = talk(nodes.map { it.openHandle() })
            orders.forEach(::println)
            println(if (orders.distinct().size == 1) "all in the same order" else "NOT THE SAME ORDER")
        }
    } finally {
        nodes.map { launch { it.leaveAndAwait() } }.joinAll()
    }
}

private suspend fun start(): List<TotemNode> = coroutineScope {
    val directory = createTempDirectory("totem-kotlin")
    val key = directory.resolve("key")
    KeyFile.create(key)
    val peers = peers()
    peers.map { peer -> async { start(peer, peers, key, directory) } }.awaitAll()
}

private suspend fun start(peer: Peer, peers: List<Peer>, key: Path, directory: Path): TotemNode =
    UdpTotem.create()
        .nodeId(peer.id().value())
        .bind(peer.host(), peer.port())
        .peers(*peers.toTypedArray())
        .seal(AeadSeal.fromKeyFile(key))
        .stateDirectory(directory)
        .startAndAwait()

/** What each has heard. */
private suspend fun talk(handles: List<EvsHandle>): List<List<String>> = coroutineScope {
    // Who listens before all are there sees each of them come; here all wait until the ring is whole.
    handles.forEach { handle ->
        handle.configChangesAsFlow().first { it.isRegular && it.members().size == NODES }
    }
    // Undispatched: each listens before anybody speaks.
    val heard = handles.map { handle -> async(start = CoroutineStart.UNDISPATCHED) { listen(handle).toList() } }
    handles.forEach { it.joinAndAwait("talk") }
    handles.map { launch { it.sendAllAndAwait(words(it)) } }.joinAll()
    heard.awaitAll()
}

private fun listen(handle: EvsHandle): Flow<String> =
    handle.deliveriesAsFlow().map { it.payload().decodeToString() }.take(NODES * EACH)

private fun words(handle: EvsHandle): Flow<Message> =
    (1..EACH).asFlow().map { Message.to("talk").payload("${handle.id().node()} says $it".encodeToByteArray()) }

private fun peers(): List<Peer> {
    val sockets = List(NODES) { DatagramSocket(0, InetAddress.getLoopbackAddress()) }
    return sockets.mapIndexed { index, socket -> socket.use { Peer.of(index + 1, "127.0.0.1", it.localPort) } }
}
