/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import dev.totem.blocks.FencedLock;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Something that one node at a time does. */
final class PayDay {

    private PayDay() {}

    // example:lock
    static Mono<FencedLock> open(TotemNode node) {
        return FencedLock.of("locks", Quorum.majority(3)).open(node);
    }

    /** Whoever has the lock pays; the account refuses tokens that are less than one it has seen. */
    static Flux<Long> pay(FencedLock locks, Function<String, Mono<Long>> account) {
        return locks.usingLock("pay day", lease -> account.apply(lease.token()));
    }
    // example:end
}
