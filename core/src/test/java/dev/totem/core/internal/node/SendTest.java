/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** Single sends that wait, are cancelled, and carry a context. */
class SendTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final NodeSettings CONFIG = NodeSettings.defaults()
            .with(Settings.TOKEN, Duration.ofMillis(200))
            .with(Settings.WINDOW_SIZE, 32)
            .with(Settings.MEMORY, 1 << 20);

    private final StepWorld world = new StepWorld();

    @AfterEach
    void forgetsHooks() {
        Hooks.resetOnEachOperator();
    }

    @Test
    void thousandsOfSendsWaitForTheirTurnInTheOrderOfTheirSubscription() {
        StepMember node = StepMember.ring(world, 2, CONFIG).get(0);
        List<Log<Position>> sends = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            sends.add(new Log<Position>().follow(node.handle.send(numbered(i))));
        }
        world.run(Duration.ofNanos(1));
        assertThat(node.node.stats().get(Statistics.SEND_BYTES)).isLessThanOrEqualTo(1 << 18);
        assertThat(node.node.stats().get(Statistics.SENDS_WAITING)).isGreaterThan(4_500);

        assertThat(world.runUntil(() -> sends.stream().allMatch(Log::hasEnded), SOON))
                .isTrue();

        assertThat(node.deliveries())
                .extracting(delivery -> ByteBuffer.wrap(delivery.payload()).getInt())
                .hasSize(5_000)
                .isSorted();
        assertThat(node.node.stats().memory().sendBytes()).isZero();
        assertThat(node.node.stats().memory().sendsWaiting()).isZero();
    }

    @Test
    void aCancelledSendLeavesTheLineAtOnceAndLetsTheNextIn() {
        StepMember node = StepMember.ring(world, 2, CONFIG).get(0);
        List<Log<Position>> sends = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sends.add(new Log<Position>().follow(node.handle.send(numbered(i))));
        }
        world.run(Duration.ofNanos(1));
        long waiting = node.node.stats().get(Statistics.SENDS_WAITING);

        for (int i = 0; i < 300; i += 2) {
            sends.get(i).subscription.dispose();
        }
        world.run(Duration.ofNanos(1));

        assertThat(node.node.stats().get(Statistics.SENDS_WAITING)).isLessThanOrEqualTo(waiting - 150);
        assertThat(world.runUntil(() -> sends.stream().filter(Log::hasEnded).count() == 150, SOON))
                .isTrue();
        world.run(Duration.ofSeconds(1));
        assertThat(node.deliveries())
                .extracting(delivery -> ByteBuffer.wrap(delivery.payload()).getInt())
                .hasSize(150)
                .allMatch(number -> number % 2 == 1);
    }

    @Test
    void aSendThatIsCancelledWhileItIsSubscribedIsNotSent() {
        StepMember node = StepMember.ring(world, 1, CONFIG).get(0);

        node.handle.send(new byte[] {1}).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        });
        world.run(Duration.ofSeconds(1));

        assertThat(node.deliveries()).isEmpty();
        assertThat(node.node.stats().get(Statistics.SEND_BYTES)).isEqualTo(0);
    }

    @Test
    void aSendLargerThanItsPartOfTheMemoryGoesAlone() {
        NodeSettings config = CONFIG.with(Settings.MAX_MESSAGE_SIZE, 2 << 20);
        StepMember node = StepMember.ring(world, 2, config).get(0);
        List<Log<Position>> sends = new ArrayList<>();
        for (int bytes : new int[] {10, 2 << 20, 10, 2 << 20}) {
            sends.add(new Log<Position>().follow(node.handle.send(new byte[bytes])));
        }

        assertThat(world.runUntil(() -> sends.stream().allMatch(Log::hasEnded), SOON))
                .isTrue();

        assertThat(node.deliveries())
                .extracting(delivery -> delivery.payload().length)
                .containsExactly(10, 2 << 20, 10, 2 << 20);
    }

    @Test
    void theContextOfASenderReachesItsCompletion() {
        StepMember node = StepMember.ring(world, 1, CONFIG).get(0);
        List<String> traces = new ArrayList<>();
        Mono<Position> traced = node.handle
                .send(new byte[1])
                .doOnEach(signal -> traces.add(
                        signal.getType() + " " + signal.getContextView().get("trace")));
        Mono<Position> refused = node.handle
                .send(Message.of(new byte[2 << 20]))
                .doOnEach(signal -> traces.add(
                        signal.getType() + " " + signal.getContextView().get("trace")));

        new Log<Position>().follow(traced.contextWrite(Context.of("trace", "one")));
        new Log<Position>().follow(refused.contextWrite(Context.of("trace", "two")));
        world.run(Duration.ofSeconds(1));

        assertThat(traces).containsExactlyInAnyOrder("onNext one", "onComplete one", "onError two");
    }

    @Test
    void theContextOfASubscriberReachesTheUpstreamOfSendAllAndTheOperatorsOnEvents() {
        StepMember node = StepMember.ring(world, 1, CONFIG).get(0);
        Flux<Message> messages =
                Flux.deferContextual(context -> Flux.just(Message.of(((String) context.get("trace")).getBytes(UTF_8))));
        Flux<String> seen = node.handle
                .deliveries()
                .flatMap(delivery -> Mono.deferContextual(
                        context -> Mono.just(context.get("trace") + " saw " + new String(delivery.payload(), UTF_8))));
        Log<String> log = new Log<String>().follow(seen.contextWrite(Context.of("trace", "reader")));

        StepVerifier.create(node.handle.sendAll(messages).contextWrite(Context.of("trace", "writer")))
                .expectSubscription()
                .expectAccessibleContext()
                .contains("trace", "writer")
                .then()
                .then(() -> world.run(Duration.ofSeconds(1)))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(log.values).containsExactly("reader saw writer");
    }

    @Test
    void hooksSeeEverythingAHandleGives() {
        StepMember node = StepMember.ring(world, 1, CONFIG).get(0);
        Set<String> assembled = new ConcurrentSkipListSet<>();
        Hooks.onEachOperator(publisher -> {
            assembled.add(publisher.getClass().getSimpleName());
            return publisher;
        });

        EvsHandle handle = node.handle;
        Flux<EvsEvent> events = handle.events();
        Flux<Position> positions = handle.sendAll(Flux.never());
        Mono<Position> position = handle.send(new byte[1]);

        assertThat(List.of(events, positions, position)).doesNotContainNull();
        assertThat(assembled).contains("EventStream", "SendAll", "SingleSend");
    }

    private static Message numbered(int number) {
        return Message.of(ByteBuffer.allocate(2_000).putInt(0, number));
    }
}
