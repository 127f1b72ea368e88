/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.core.Quorum
import dev.totem.testkit.TestRing
import kotlinx.coroutines.reactor.awaitSingleOrNull
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest

val MAJORITY: Quorum = Quorum.parse("majority:3")

/** A test of coroutines on a ring in memory: delays are skipped, the ring takes its real time. */
fun onRing(nodes: Int, quorum: Quorum = Quorum.none(), test: suspend TestScope.(TestRing) -> Unit) {
    TestRing.of(nodes) { settings -> settings.quorum(quorum) }.use { ring ->
        runTest {
            ring.awaitOneRing().awaitSingleOrNull()
            test(ring)
        }
    }
}
