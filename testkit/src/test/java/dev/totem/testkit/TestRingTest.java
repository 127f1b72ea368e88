/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.totem.core.EvsHandle;
import dev.totem.core.NodeId;
import dev.totem.core.ProtocolFailureException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Real threads and real time; nothing here says how long something takes. */
class TestRingTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void isOneRingSoonAndLeavesNoThread() {
        try (TestRing ring = TestRing.of(3)) {
            ring.awaitOneRing().block(LIMIT);

            assertThat(ring.node(2).membership().members()).containsExactly(NodeId.of(1), NodeId.of(2), NodeId.of(3));
            assertThat(threads()).isNotEmpty();
        }
        assertThat(threads()).isEmpty();
    }

    @Test
    void goesOnInBothPartsAndMerges() {
        try (TestRing ring = TestRing.of(3)) {
            ring.awaitOneRing().block(LIMIT);

            ring.partition(1);
            Mono.when(ring.awaitRing(1), ring.awaitRing(2, 3)).block(LIMIT);
            ring.partition(3);
            Mono.when(ring.awaitRing(2), ring.awaitRing(3)).block(LIMIT);
            ring.heal();
            ring.awaitOneRing().block(LIMIT);
        }
    }

    @Test
    void goesOnWithoutACrashedNodeAndTakesItBack() {
        try (TestRing ring = TestRing.of(3)) {
            ring.awaitOneRing().block(LIMIT);
            EvsHandle handle = ring.node(3).openHandle();
            handle.join("group").block(LIMIT);

            ring.crash(3);

            StepVerifier.create(handle.join("more"))
                    .expectErrorMatches(failure -> failure.getMessage() != null)
                    .verify(LIMIT);
            assertThat(ring.nodes()).hasSize(2);
            assertThatIllegalStateException().isThrownBy(() -> ring.node(3)).withMessage("node 3 is not up");
            ring.awaitOneRing().block(LIMIT);
            assertThat(ring.restart(3).id()).isEqualTo(NodeId.of(3));
            ring.awaitRing(1, 2, 3).block(LIMIT);
        }
        assertThat(threads()).isEmpty();
    }

    @Test
    void endsTheStreamsOfACrashedNode() {
        try (TestRing ring = TestRing.of(1)) {
            StepVerifier.create(ring.node(1).openHandle().events().skip(1))
                    .then(() -> ring.crash(1))
                    .expectError(ProtocolFailureException.class)
                    .verify(LIMIT);
        }
    }

    @Test
    void deliversAllTheSameThoughDatagramsAreLost() {
        try (TestRing ring = TestRing.of(3)) {
            ring.awaitOneRing().block(LIMIT);
            EvsRecorder recorder = EvsRecorder.create();
            Flux.fromIterable(ring.nodes())
                    .flatMap(node -> recorder.record(node, "group"))
                    .blockLast(LIMIT);
            ring.loss(0.02);
            EvsHandle sender = ring.node(1).openHandle();
            EvsHandle receiver = ring.node(2).openHandle();
            receiver.join("group").block(LIMIT);
            sender.join("group").block(LIMIT);

            Mono<List<String>> received = receiver.deliveries()
                    .map(message -> new String(message.payload(), UTF_8))
                    .take(100)
                    .collectList();
            Flux<?> sent = Flux.range(0, 100).concatMap(i -> sender.send(("message " + i).getBytes(UTF_8)));

            assertThat(Mono.zip(received, sent.then(Mono.just(true)))
                            .block(LIMIT)
                            .getT1())
                    .startsWith("message 0")
                    .hasSize(100);
            EvsReport report = recorder.check();
            assertThat(report.violations()).isEmpty();
            assertThat(report.checks()).isGreaterThan(300);
        }
    }

    @Test
    void takesOtherSettings() {
        try (TestRing ring = TestRing.of(1, settings -> settings.cluster("mine"))) {
            ring.awaitOneRing().block(LIMIT);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> TestRing.of(0));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("totem-test-"))
                .toList();
    }
}
