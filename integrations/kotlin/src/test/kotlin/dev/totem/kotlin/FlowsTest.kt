/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.core.ConfigurationException
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.reactor.asCoroutineContext
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import reactor.core.publisher.Flux
import reactor.core.publisher.Sinks
import reactor.util.context.Context

class FlowsTest {

    @Test
    fun asksForWhatTheBufferHoldsAndForMoreWhenThatIsCollected() = runTest {
        val requests = CopyOnWriteArrayList<Long>()
        val collected = mutableListOf<Int>()
        val askedAt = mutableMapOf<Int, Int>()
        Flux.range(0, 10).doOnRequest(requests::add).buffered(4).collect {
            collected += it
            askedAt[it] = requests.size
        }
        assertThat(collected).isEqualTo((0 until 10).toList())
        assertThat(requests).allMatch { it == 4L }
        assertThat(askedAt[3]).isEqualTo(1)
        assertThat(askedAt[4]).isEqualTo(2)
    }

    @Test
    fun asksForOneAtATimeWithABufferOfOne() = runTest {
        val requests = CopyOnWriteArrayList<Long>()
        Flux.range(0, 3).doOnRequest(requests::add).buffered(1).collect { assertThat(requests).hasSize(it + 1) }
        assertThat(requests).allMatch { it == 1L }
    }

    @Test
    fun cancelsUpstreamWhenTheCollectorHasEnough() = runTest {
        val cancelled = Sinks.empty<Unit>()
        val source = Flux.range(0, Int.MAX_VALUE).doOnCancel { cancelled.tryEmitEmpty() }
        assertThat(source.buffered(8).take(3).toList()).containsExactly(0, 1, 2)
        assertThat(cancelled.scan(reactor.core.Scannable.Attr.TERMINATED)).isTrue()
    }

    @Test
    fun givesTheLatestToWhoDoesNotKeepUp() = runTest {
        val source = Sinks.many().replay().latest<Int>()
        source.tryEmitNext(1)
        val seen = mutableListOf<Int>()
        source.asFlux().latest().take(2).collect {
            seen += it
            if (it == 1) {
                (2..5).forEach(source::tryEmitNext)
            }
        }
        assertThat(seen).containsExactly(1, 5)
    }

    @Test
    fun upstreamSeesTheContextOfTheCollector() = runTest {
        val source = Flux.deferContextual { context -> Flux.just(context.get<String>("trace")) }
        val seen = withContext(Context.of("trace", "abc").asCoroutineContext()) { source.buffered(1).first() }
        assertThat(seen).isEqualTo("abc")
    }

    @Test
    fun refusesABufferOfNothing() {
        assertThatThrownBy { Flux.just(1).buffered(0) }
            .isInstanceOf(ConfigurationException::class.java)
            .hasMessageContaining("buffer")
            .hasMessageContaining("1 or more")
    }
}
