/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.runTest
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.reactivestreams.Publisher
import org.reactivestreams.Subscriber
import org.reactivestreams.Subscription
import reactor.core.publisher.Mono

/** What was granted is never lost between the ring and a coroutine that was cancelled. */
class OwnedTest {

    private val back = CopyOnWriteArrayList<String>()

    /** Emits when told, also after it was cancelled, as a publisher may. */
    private class Late : Publisher<String> {
        lateinit var subscriber: Subscriber<in String>

        override fun subscribe(subscribed: Subscriber<in String>) {
            subscriber = subscribed
            subscribed.onSubscribe(
                object : Subscription {
                    override fun request(n: Long) = Unit

                    override fun cancel() = Unit
                },
            )
        }

        fun emit(value: String) {
            subscriber.onNext(value)
            subscriber.onComplete()
        }
    }

    @Test
    fun reachesTheCaller() = runTest {
        val late = Late()
        val waiting = async(start = CoroutineStart.UNDISPATCHED) { Mono.fromDirect(late).awaitOwned(back::add) }
        late.emit("lease")
        assertThat(waiting.await()).isEqualTo("lease")
        assertThat(back).isEmpty()
    }

    @Test
    fun isGivenBackIfItComesAfterTheCancel() = runTest {
        val late = Late()
        val waiting = launch(start = CoroutineStart.UNDISPATCHED) { Mono.fromDirect(late).awaitOwned(back::add) }
        waiting.cancel()
        late.emit("lease")
        waiting.join()
        assertThat(back).containsExactly("lease")
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    @Test
    fun isGivenBackIfTheCancelComesBeforeTheCallerGoesOn() = runTest {
        val late = Late()
        val waiting =
            launch(StandardTestDispatcher(testScheduler), start = CoroutineStart.UNDISPATCHED) {
                Mono.fromDirect(late).awaitOwned(back::add)
                throw AssertionError("goes on with what it was given, although it was cancelled")
            }
        late.emit("lease")
        waiting.cancel()
        waiting.join()
        assertThat(back).containsExactly("lease")
    }

    @Test
    fun nothingIsNull() = runTest {
        assertThat(Mono.empty<String>().awaitOwnedOrNull(back::add)).isNull()
    }
}
