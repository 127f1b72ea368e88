/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import dev.totem.blocks.MapEntry;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.spring.boot.LeaderOnly;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Keeps the board small. */
@Component
class Tidy {

    static final String ELECTION = "tidy";

    private final Mono<ReplicatedMap<String, Card>> cards;
    private final int doneMax;

    Tidy(Mono<ReplicatedMap<String, Card>> cards, @Value("${board.done-max}") int doneMax) {
        this.cards = cards;
        this.doneMax = doneMax;
    }

    /** Throws away the cards that have been done for longest. One instance does it: the leader, which the pages show. */
    @LeaderOnly(ELECTION)
    @Scheduled(fixedRateString = "${board.tidy:5s}")
    public Mono<Void> tidy() {
        return cards.flatMap(map -> map.entries()
                .filter(entry -> entry.value().lane() == Card.Lane.DONE)
                .sort((one, other) -> other.version().compareTo(one.version()))
                .skip(doneMax)
                .concatMap(entry -> remove(map, entry))
                .then());
    }

    /** Not if somebody has changed it meanwhile. */
    private static Mono<?> remove(ReplicatedMap<String, Card> map, MapEntry<String, Card> entry) {
        return map.remove(entry.key(), entry.version());
    }
}
