/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.blocks.Codec;
import dev.totem.blocks.FencedLock;
import dev.totem.blocks.MapUpdate;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class PayDayTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    // example:open
    static Mono<FencedLock> openLocks(TotemNode node) {
        return FencedLock.of("locks", Quorum.majority(3)).open(node);
    }

    static Mono<ReplicatedMap<String, String>> openPrices(TotemNode node) {
        return ReplicatedMap.of("prices", Quorum.majority(3), Codec.utf8(), Codec.utf8())
                .open(node);
    }
    // example:end

    /** Refuses who has lost the lock and does not know yet. */
    private static final class Account {

        private String greatestToken = "";
        private long payments;

        Mono<Long> pay(String token) {
            return Mono.fromCallable(() -> {
                if (token.compareTo(greatestToken) <= 0) {
                    throw new IllegalStateException("somebody else has the lock since");
                }
                greatestToken = token;
                return ++payments;
            });
        }
    }

    private static <B> List<B> onAll(TestRing ring, Function<TotemNode, Mono<B>> open) {
        ring.awaitOneRing().block(LIMIT);
        return Flux.fromIterable(ring.nodes())
                .flatMapSequential(open)
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();
    }

    @Test
    void paysOneAfterTheOther() {
        try (TestRing ring = TestRing.of(3)) {
            Account account = new Account();
            List<FencedLock> locks = onAll(ring, PayDayTest::openLocks);
            List<Flux<Long>> all = locks.stream()
                    .map(here -> {
                        // example:lock
                        Flux<Long> paid = here.usingLock("pay day", lease -> account.pay(lease.token()));
                        // example:end
                        return paid;
                    })
                    .toList();
            assertThat(Flux.merge(all).collectList().block(LIMIT)).containsExactlyInAnyOrder(1L, 2L, 3L);
        }
    }

    @Test
    void showsWhatApplesCost() {
        try (TestRing ring = TestRing.of(3)) {
            List<ReplicatedMap<String, String>> prices = onAll(ring, PayDayTest::openPrices);
            ReplicatedMap<String, String> here = prices.get(0);
            ReplicatedMap<String, String> there = prices.get(1);

            // example:map
            Mono<MapUpdate<String>> raised =
                    here.put("apples", "1.20").flatMap(version -> there.replace("apples", "1.30", version));
            Flux<String> shown = there.watch("apples")
                    .map(change -> change.kind() + " " + change.value().orElse("none"));
            // example:end

            List<String> seen = shown.take(2)
                    .mergeWith(there.inState().then(raised).then(Mono.empty()))
                    .collectList()
                    .blockOptional(LIMIT)
                    .orElseThrow();
            assertThat(seen).containsExactly("PUT 1.20", "PUT 1.30");
        }
    }
}
