/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.core.ConfigurationException
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.reactive.asFlow
import reactor.core.publisher.Flux

/** How many events a flow asks for at once, unless it is told otherwise; as many may wait between the ring and the collector. */
public const val EVENTS_BUFFER: Int = 64

/** How many positions a flow of sends asks for at once: so many messages may be under way while none is collected. */
public const val SENDS_BUFFER: Int = 1_024

/** Asks for [size] values, and for the same number again when those are collected. */
internal fun <T : Any> Flux<T>.buffered(size: Int): Flow<T> {
    if (size < 1) {
        throw ConfigurationException("buffer", size.toString(), "1 or more")
    }
    return asFlow().buffer(size)
}

/** For what is: who does not keep up is given the latest. */
internal fun <T : Any> Flux<T>.latest(): Flow<T> = asFlow().conflate()
