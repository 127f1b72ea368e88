/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.Quorum;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class CountersTest {

    @TotemSimulation(nodes = 3, seeds = 5)
    void everySumIsAnsweredOnce(Simulation sim) {
        OnNodes<Counters> counters = new OnNodes<>(sim, Counters.of("counters", Quorum.majority(3)));
        counters.awaitInState(3);

        List<Long> sums = counters.await(Flux.range(0, 30)
                .flatMap(i -> counters.on(1 + i % 3).counter("visits").addAndGet(2))
                .collectList());
        assertThat(sums).hasSize(30).doesNotHaveDuplicates().contains(60L);
        assertThat(counters.await(counters.on(2).counter("visits").getLatest())).isEqualTo(60L);
        assertThat(counters.await(counters.on(2).counter("others").getLatest())).isEqualTo(0L);
        assertThat(counters.await(counters.on(1).counter("visits").addAndGet(-61)))
                .isEqualTo(-1L);
    }

    @TotemSimulation(nodes = 3, seeds = 2)
    void aSumThatIsNoNumberChangesNothing(Simulation sim) {
        OnNodes<Counters> counters = new OnNodes<>(sim, Counters.of("counters", Quorum.majority(3)));
        counters.awaitInState(3);
        counters.await(counters.on(1).counter("c").addAndGet(Long.MAX_VALUE));

        assertThatThrownBy(() -> counters.await(counters.on(1).counter("c").addAndGet(1)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("counter c with 1 more");
        assertThat(counters.await(counters.on(1).counter("c").addAndGet(0))).isEqualTo(Long.MAX_VALUE);
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void idsAreTakenInBlocksAndNeverTwice(Simulation sim) {
        OnNodes<Counters> counters = new OnNodes<>(sim, Counters.of("counters", Quorum.majority(3)));
        counters.awaitInState(3);
        List<IdBlock> blocks = List.of(
                counters.on(1).ids("ids", 10),
                counters.on(2).ids("ids", 10),
                counters.on(3).ids("ids", 10));

        Mono<List<Long>> taking =
                Flux.range(0, 75).flatMap(i -> blocks.get(i % 3).next()).collectList();
        List<Long> ids = counters.await(taking);
        Set<Long> different = new HashSet<>(ids);
        assertThat(different).hasSize(75);
        assertThat(ids).allMatch(id -> id >= 1 && id <= 90);
        assertThat(counters.await(counters.on(1).counter("ids").getLatest())).isEqualTo(90L);
    }
}
