/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.MapChange
import dev.totem.blocks.MapEntry
import dev.totem.blocks.MapSnapshot
import dev.totem.blocks.MapUpdate
import dev.totem.blocks.ReplicatedMap
import dev.totem.core.Position
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull

/** [ReplicatedMap.put]. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.putAndAwait(key: K, value: V): Position =
    put(key, value).awaitSingle()

/** [ReplicatedMap.put] of an entry that ends by itself. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.putAndAwait(
    key: K,
    value: V,
    timeToLive: Duration,
): Position = put(key, value, timeToLive.toJavaDuration()).awaitSingle()

/** [ReplicatedMap.putAll]. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.putAllAndAwait(entries: Map<out K, V>): Position =
    putAll(entries).awaitSingle()

/** [ReplicatedMap.putIfAbsent]. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.putIfAbsentAndAwait(key: K, value: V): MapUpdate<V> =
    putIfAbsent(key, value).awaitSingle()

/** [ReplicatedMap.replace]. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.replaceAndAwait(
    key: K,
    value: V,
    version: Position,
): MapUpdate<V> = replace(key, value, version).awaitSingle()

/** [ReplicatedMap.compareAndSet]. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.compareAndSetAndAwait(
    key: K,
    expected: V,
    value: V,
): MapUpdate<V> = compareAndSet(key, expected, value).awaitSingle()

/** [ReplicatedMap.remove]. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.removeAndAwait(key: K): MapUpdate<V> =
    remove(key).awaitSingle()

/** [ReplicatedMap.remove] of one version. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.removeAndAwait(key: K, version: Position): MapUpdate<V> =
    remove(key, version).awaitSingle()

/** [ReplicatedMap.compareAndRemove]. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.compareAndRemoveAndAwait(
    key: K,
    expected: V,
): MapUpdate<V> = compareAndRemove(key, expected).awaitSingle()

/** [ReplicatedMap.get]: what this node has, which may be behind; null if nothing. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.getAndAwait(key: K): MapEntry<K, V>? =
    get(key).awaitSingleOrNull()

/** [ReplicatedMap.getLatest]: linearizable; null if there is nothing. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.getLatestAndAwait(key: K): MapEntry<K, V>? =
    getLatest(key).awaitSingleOrNull()

/** [ReplicatedMap.entries]. */
public fun <K : Any, V : Any> ReplicatedMap<K, V>.entriesAsFlow(buffer: Int = EVENTS_BUFFER): Flow<MapEntry<K, V>> =
    entries().buffered(buffer)

/** [ReplicatedMap.size]; null if this node has no state. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.sizeAndAwait(): Int? = size().awaitSingleOrNull()

/** [ReplicatedMap.snapshot]; null if this node has no state. */
public suspend fun <K : Any, V : Any> ReplicatedMap<K, V>.snapshotAndAwait(): MapSnapshot<K, V>? =
    snapshot().awaitSingleOrNull()

/** [ReplicatedMap.watch] of all keys. */
public fun <K : Any, V : Any> ReplicatedMap<K, V>.watchAsFlow(buffer: Int = EVENTS_BUFFER): Flow<MapChange<K, V>> =
    watch().buffered(buffer)

/** [ReplicatedMap.watch] of one key. */
public fun <K : Any, V : Any> ReplicatedMap<K, V>.watchAsFlow(
    key: K,
    buffer: Int = EVENTS_BUFFER,
): Flow<MapChange<K, V>> = watch(key).buffered(buffer)
