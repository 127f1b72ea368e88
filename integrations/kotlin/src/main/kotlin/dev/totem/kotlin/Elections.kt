/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.LeaderElection
import dev.totem.blocks.Leadership
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.reactor.awaitSingleOrNull

/**
 * [LeaderElection.candidate]: stands as long as it is collected, and tells who leads; who does not keep up is given the latest.
 *
 * @param priority greater ones are elected first
 */
public fun LeaderElection.candidateAsFlow(election: String, priority: Int = 0): Flow<Leadership> =
    candidate(election, priority).latest()

/** [LeaderElection.watch]; who does not keep up is given the latest. */
public fun LeaderElection.watchAsFlow(election: String): Flow<Leadership> = watch(election).latest()

/** [LeaderElection.resign]. Cancelling changes nothing. */
public suspend fun LeaderElection.resignAndAwait(election: String) {
    resign(election).awaitSingleOrNull()
}

/**
 * Stands for an election, and does [work] each time when this node leads: in each of its terms once, cancelled when the term is over.
 * What was cancelled has not ended yet when another node begins to lead, so what must not be done twice takes the term's
 * [token][Leadership.token] along.
 *
 * Returns when the block is closed or its node leaves. Cancelling withdraws; what the work throws withdraws too, and is thrown.
 */
public suspend fun LeaderElection.whileLeading(
    election: String,
    priority: Int = 0,
    work: suspend (Leadership) -> Unit,
) {
    candidateAsFlow(election, priority)
        .map { now -> now.takeIf(Leadership::isOwn) }
        .distinctUntilChanged()
        .collectLatest { own -> if (own != null) work(own) }
}
