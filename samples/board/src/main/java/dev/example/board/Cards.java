/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import dev.totem.blocks.FencingToken;
import dev.totem.blocks.MapChange;
import dev.totem.blocks.MapEntry;
import dev.totem.blocks.MapUpdate;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemNode;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Changes of the board. Each is answered when it is decided, so it is the same at all instances then. */
@RestController
@RequestMapping("/cards")
class Cards {

    private static final int TEXT_MAX = 200;

    private final Mono<ReplicatedMap<String, Card>> cards;
    private final TotemNode node;
    private final Clock clock = Clock.systemUTC();
    private final AtomicInteger made = new AtomicInteger();

    Cards(Mono<ReplicatedMap<String, Card>> cards, TotemNode node) {
        this.cards = cards;
        this.node = node;
    }

    /** What a page knows of a card. */
    record Draft(String text, Card.Lane lane) {}

    /**
     * What has become of a card, for the pages.
     *
     * @param card nothing if it is gone
     * @param version what {@code If-Match} takes
     */
    record Seen(String id, Optional<Card> card, String version) {

        private static Seen of(MapChange<String, Card> change) {
            return new Seen(change.key(), change.value(), FencingToken.of(change.position()));
        }
    }

    /** All cards, and then every change. */
    Flux<Seen> watch() {
        return cards.flatMapMany(ReplicatedMap::watch).map(Seen::of);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Mono<Void> add(@RequestBody Draft draft) {
        Card card = card(draft);
        return cards.flatMap(map -> map.put(newId(), card)).then();
    }

    @PutMapping("/{id}")
    Mono<Void> change(
            @PathVariable String id, @RequestHeader("If-Match") String version, @RequestBody Draft draft) {
        Card card = card(draft);
        return ifMatch(id, version, (map, at) -> map.replace(id, card, at));
    }

    @DeleteMapping("/{id}")
    Mono<Void> remove(@PathVariable String id, @RequestHeader("If-Match") String version) {
        return ifMatch(id, version, (map, at) -> map.remove(id, at));
    }

    /** Two who change a card at once: one of them is told so, and sees what the other one did. */
    private Mono<Void> ifMatch(
            String id, String version, BiFunction<ReplicatedMap<String, Card>, Position, Mono<MapUpdate<Card>>> update) {
        return cards.flatMap(map -> map.get(id)
                        .map(MapEntry::version)
                        .filter(at -> FencingToken.of(at).equals(version))
                        .flatMap(at -> update.apply(map, at)))
                .filter(MapUpdate::isApplied)
                .switchIfEmpty(Mono.error(() -> new ResponseStatusException(
                        HttpStatus.PRECONDITION_FAILED, "Somebody else has just changed this card.")))
                .then();
    }

    /** What a part without a majority is told, and whoever was cut off while a change was on its way. */
    @ExceptionHandler
    @ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
    Problem refused(SendFailedException failure) {
        return new Problem(
                failure.fate() == SendFailedException.Fate.REFUSED
                        ? "Nothing has changed: this instance has no majority with it."
                        : "This instance was cut off meanwhile: the change may still come.");
    }

    @ExceptionHandler
    ResponseEntity<Problem> wrong(ResponseStatusException failure) {
        return ResponseEntity.status(failure.getStatusCode())
                .body(new Problem(String.valueOf(failure.getReason())));
    }

    record Problem(String detail) {}

    private Card card(Draft draft) {
        String text = draft.text().strip();
        if (text.isEmpty() || text.length() > TEXT_MAX) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "A card has 1 to " + TEXT_MAX + " characters.");
        }
        return new Card(text, draft.lane(), node.id().value());
    }

    /** In the order in which cards are made, as well as the clocks agree; unique as the node's id is. */
    private String newId() {
        return "%013d-%d-%d".formatted(clock.millis(), node.id().value(), made.incrementAndGet());
    }
}
