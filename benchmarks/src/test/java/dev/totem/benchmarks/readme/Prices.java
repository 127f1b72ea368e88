/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import dev.totem.blocks.Codec;
import dev.totem.blocks.MapUpdate;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A map that all nodes have. */
final class Prices {

    private Prices() {}

    // example:map
    static Mono<ReplicatedMap<String, String>> open(TotemNode node) {
        return ReplicatedMap.of("prices", Quorum.majority(3), Codec.utf8(), Codec.utf8())
                .open(node);
    }

    /** Not applied if somebody else was faster. */
    static Mono<MapUpdate<String>> change(ReplicatedMap<String, String> prices, String what, String price) {
        return prices.getLatest(what)
                .flatMap(known -> prices.replace(what, price, known.version()))
                .switchIfEmpty(prices.putIfAbsent(what, price));
    }

    /** What there is, and then every change, without a gap. */
    static Flux<String> show(ReplicatedMap<String, String> prices) {
        return prices.watch().map(change -> change.key() + ": " + change.value().orElse("not for sale"));
    }
    // example:end
}
