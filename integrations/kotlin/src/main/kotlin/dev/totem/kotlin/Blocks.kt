/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.Block
import dev.totem.blocks.BlockBuilder
import dev.totem.blocks.MergeReport
import dev.totem.blocks.ReplicatedState
import dev.totem.blocks.StateMachine
import dev.totem.blocks.StateStatus
import dev.totem.core.HandleSource
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.reactive.asFlow
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull

/** [BlockBuilder.open]. Cancelling leaves a handle open. */
public suspend fun <B : Any> BlockBuilder<B>.openAndAwait(node: HandleSource): B = open(node).awaitSingle()

/** [Block.status]; who does not keep up is given the latest. */
public fun Block.statusAsFlow(): Flow<StateStatus> = status().latest()

/** [Block.inState]. */
public suspend fun Block.inStateAndAwait() {
    inState().awaitSingleOrNull()
}

/** [Block.close]. Cancelling stops the telling. */
public suspend fun Block.closeAndAwait() {
    close().awaitSingleOrNull()
}

/** [ReplicatedState.merges]; as there, without bound for who does not keep up. */
public fun ReplicatedState<*, *, *>.mergesAsFlow(): Flow<MergeReport> = merges().asFlow()

/** [ReplicatedState.submit]. Cancelling before it was ordered takes it back; afterwards it is decided all the same. */
public suspend fun <S : StateMachine<C, R>, C : Any, R : Any> ReplicatedState<S, C, R>.submitAndAwait(command: C): R =
    submit(command).awaitSingle()

/** [ReplicatedState.read]; null if this node has no state yet. */
public suspend fun <S : StateMachine<C, R>, C : Any, R : Any, T : Any> ReplicatedState<S, C, R>.readAndAwait(
    reading: (S) -> T,
): T? = read(reading).awaitSingleOrNull()

/** [ReplicatedState.readLatest]. */
public suspend fun <S : StateMachine<C, R>, C : Any, R : Any, T : Any> ReplicatedState<S, C, R>.readLatestAndAwait(
    reading: (S) -> T,
): T? = readLatest(reading).awaitSingleOrNull()
