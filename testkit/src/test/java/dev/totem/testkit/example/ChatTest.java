/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.EvsHandle;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ChatTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    // example:ring
    @Test
    void everybodyReadsTheSameConversation() {
        try (TestRing ring = TestRing.of(3)) {
            ring.awaitOneRing().block(LIMIT);
            List<EvsHandle> people =
                    ring.nodes().stream().map(node -> node.openHandle()).toList();

            Mono<List<List<String>>> read = Flux.fromIterable(people)
                    .flatMap(person -> person.deliveries()
                            .map(message -> message.sender() + ": " + new String(message.payload(), UTF_8))
                            .take(6)
                            .collectList())
                    .collectList();
            Mono<Void> said = Flux.fromIterable(people)
                    .flatMap(person -> person.join("chat").thenReturn(person))
                    .collectList()
                    .flatMapMany(Flux::fromIterable)
                    .flatMap(person -> person.send("hello".getBytes(UTF_8)).then(person.send("bye".getBytes(UTF_8))))
                    .then();

            List<List<String>> conversations = Mono.zip(read, said.thenReturn(true), (lines, done) -> lines)
                    .block(LIMIT);

            assertThat(conversations).hasSize(3).containsOnly(conversations.get(0));
        }
    }
    // example:end
}
