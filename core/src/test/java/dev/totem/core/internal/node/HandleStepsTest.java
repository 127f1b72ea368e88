/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.Message;
import dev.totem.core.NotJoinedException;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;

/** What each method of a handle signals, step by step, and what a timeout on it does. */
class HandleStepsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final NodeSettings CONFIG = NodeSettings.defaults().with(Settings.TOKEN, Duration.ofMillis(200));

    private final StepWorld world = new StepWorld();
    private final StepMember member = StepMember.ring(world, 1, CONFIG).get(0);
    private final EvsHandle handle = member.handle;

    /** A ring of one looks around when its link is there, and is installed again. */
    @BeforeEach
    void settles() {
        world.run(Duration.ofSeconds(1));
    }

    private void aWhile() {
        world.run(Duration.ofMillis(100));
    }

    @Test
    void eventsComeInTheOneOrderAsTheyAreRequested() {
        StepVerifier.create(handle.events(), 0)
                .expectSubscription()
                .then(this::aWhile)
                .expectNoEvent(Duration.ofMillis(10))
                .thenRequest(1)
                .then(this::aWhile)
                .expectNextMatches(ConfigChange.class::isInstance)
                .thenRequest(1)
                .then(this::aWhile)
                .expectNextMatches(GroupChange.class::isInstance)
                .then(() -> new Log<>().follow(handle.send(new byte[1]).cast(Object.class)))
                .then(this::aWhile)
                .expectNoEvent(Duration.ofMillis(10))
                .thenRequest(5)
                .then(this::aWhile)
                .expectNextMatches(Delivery.class::isInstance)
                .then(() -> new Log<Void>().follow(handle.close()))
                .then(this::aWhile)
                .verifyComplete();
    }

    @Test
    void aSendGivesItsPositionWhenThatIsRequested() {
        StepVerifier.create(handle.send(new byte[1]), 0)
                .expectSubscription()
                .then(this::aWhile)
                .then(() -> assertThat(member.deliveries()).hasSize(1))
                .expectNoEvent(Duration.ofMillis(10))
                .thenRequest(1)
                .then(this::aWhile)
                .expectNextMatches(
                        position -> position.equals(member.positions().get(0)))
                .verifyComplete();
    }

    @Test
    void joinLeaveAndCloseCompleteWithoutDemand() {
        completes(handle.join("x", "y").then());
        assertThat(handle.groups()).hasSize(3);
        completes(handle.leave("x").then());
        StepVerifier.create(handle.leave("x"), 0)
                .expectSubscription()
                .then(this::aWhile)
                .expectError(NotJoinedException.class)
                .verify(SOON);
        completes(handle.close());
    }

    private void completes(Mono<Void> told) {
        StepVerifier.create(told, 0)
                .expectSubscription()
                .then(this::aWhile)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void aTimeoutOnAJoinThatTheLoopDoesNotServeEndsIt() {
        StepVerifier.withVirtualTime(() -> handle.join("x").timeout(LIMIT))
                .expectSubscription()
                .expectNoEvent(LIMIT.minusMillis(1))
                .thenAwait(Duration.ofMillis(1))
                .expectError(TimeoutException.class)
                .verify(SOON);
    }

    @Test
    void aTimeoutBetweenEventsTakesTheSubscriptionOffTheNode() {
        StepVerifier.withVirtualTime(() -> handle.events().timeout(LIMIT))
                .expectSubscription()
                .then(this::aWhile)
                .expectNextMatches(ConfigChange.class::isInstance)
                .expectNextMatches(GroupChange.class::isInstance)
                .expectNoEvent(LIMIT.minusMillis(1))
                .thenAwait(Duration.ofMillis(1))
                .expectError(TimeoutException.class)
                .verify(SOON);

        aWhile();
        new Log<>().follow(handle.send(new byte[1_000]).cast(Object.class));
        aWhile();
        assertThat(member.deliveries()).hasSize(1);
        assertThat(member.node.stats().get(Statistics.DELIVERY_BYTES)).isEqualTo(0);
    }

    @Test
    void aTimeoutOnClosingDoesNotStopIt() {
        Log<ConfigChange> changes = new Log<ConfigChange>().follow(handle.configChanges());
        aWhile();

        StepVerifier.withVirtualTime(() -> handle.close().timeout(LIMIT))
                .expectSubscription()
                .thenAwait(LIMIT)
                .expectError(TimeoutException.class)
                .verify(SOON);
        aWhile();

        assertThat(changes.isComplete).isTrue();
    }

    @Test
    void whoStopsLookingAtPositionsCancelsUpstream() {
        PublisherProbe<Message> probe =
                PublisherProbe.of(Flux.just(Message.of(new byte[1])).concatWith(Flux.never()));

        StepVerifier.create(handle.sendAll(probe.flux()).next())
                .expectSubscription()
                .then(this::aWhile)
                .expectNextCount(1)
                .verifyComplete();
        aWhile();

        probe.assertWasSubscribed();
        probe.assertWasRequested();
        probe.assertWasCancelled();
    }
}
