/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.blocks.FencedLock;
import dev.totem.blocks.Lease;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Code that waits. */
final class Till {

    private Till() {}

    // example:blocking
    /** Each call waits for the ring: on a virtual thread that takes no thread of the machine. */
    static long sell(FencedLock locks, ReplicatedMap<String, String> stock, String what) {
        Lease lease = locks.acquire(what).blockOptional().orElseThrow();
        try {
            long left = stock.getLatest(what)
                            .map(entry -> Long.parseLong(entry.value()))
                            .blockOptional()
                            .orElse(0L)
                    - 1;
            stock.put(what, String.valueOf(left)).block();
            return left;
        } finally {
            lease.release().block();
        }
    }

    /** Takes one message after the other, at most 16 ahead, until one is the last; closing the stream ends the subscription. */
    static long countUntil(EvsHandle handle, Predicate<String> isLast) {
        try (Stream<Delivery> deliveries = handle.deliveries().toStream(16)) {
            return deliveries
                    .map(delivery -> new String(delivery.payload(), UTF_8))
                    .takeWhile(isLast.negate())
                    .count();
        }
    }
    // example:end
}
