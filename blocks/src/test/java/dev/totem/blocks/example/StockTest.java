/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.blocks.Codec;
import dev.totem.blocks.ReplicatedState;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class StockTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    // example:open
    static Mono<ReplicatedState<Stock, String, Integer>> open(TotemNode node) {
        return ReplicatedState.of("stock", Quorum.majority(3), Stock::new, Codec.utf8())
                .open(node);
    }
    // example:end

    @Test
    void allNodesHaveTheStock() {
        try (TestRing ring = TestRing.of(3)) {
            ring.awaitOneRing().block(LIMIT);
            var stocks = Flux.fromIterable(ring.nodes())
                    .flatMapSequential(StockTest::open)
                    .collectList()
                    .block(LIMIT);
            ReplicatedState<Stock, String, Integer> here = stocks.get(0);
            ReplicatedState<Stock, String, Integer> there = stocks.get(1);

            // example:use
            Mono<Integer> sold = here.submit("apples 5").then(here.submit("apples -2"));
            Mono<Integer> seen = sold.then(there.readLatest(stock -> stock.count("apples")));
            // example:end

            assertThat(seen.block(LIMIT)).isEqualTo(3);
            assertThat(here.submit("apples -9").block(LIMIT)).isEqualTo(3);
        }
    }
}
