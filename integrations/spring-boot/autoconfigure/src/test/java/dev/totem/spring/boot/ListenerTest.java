/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static dev.totem.spring.boot.Instances.taken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.blocks.Codec;
import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.NodeClosedException;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.TotemNode;
import dev.totem.testkit.TestRing;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class ListenerTest {

    private TestRing ring;
    private ApplicationContextRunner application;

    record Order(String what, int count) {}

    record Celsius(double degrees) {}

    @BeforeEach
    void aRing() {
        ring = TestRing.of(1);
        application = Instances.on(ring, 1);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    static class Heard {
        final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

        Object next() throws InterruptedException {
            return taken(all);
        }
    }

    static class Types extends Heard {
        @TotemListener(group = "text")
        void text(String text) {
            all.add(text);
        }

        @TotemListener(group = "${bytes.group}")
        void bytes(byte[] bytes) {
            all.add(List.of(bytes.length));
        }

        @TotemListener(group = {"orders", "more-orders"})
        void order(Order order, Delivery delivery) {
            all.add(order);
            all.add(delivery.groups().get(0).toString());
        }

        @TotemListener(group = "lists")
        void list(List<Order> orders) {
            all.add(orders);
        }

        @TotemListener(group = "weather")
        void weather(Celsius celsius) {
            all.add(celsius);
        }
    }

    @Test
    void givesPayloadsAsTheTypeThatAMethodTakes() {
        application
                .withBean(Types.class)
                .withBean(Weather.class)
                .withPropertyValues("bytes.group=raw")
                .run(context -> {
                    TotemTemplate template = context.getBean(TotemTemplate.class);
                    Types heard = context.getBean(Types.class);
                    Order order = new Order("apples", 5);

                    assertThat(template.send("text", "grüß Gott").block(Instances.PATIENCE))
                            .isInstanceOf(Position.class);
                    assertThat(heard.next()).isEqualTo("grüß Gott");
                    template.send("raw", new byte[7]).block(Instances.PATIENCE);
                    assertThat(heard.next()).isEqualTo(List.of(7));
                    template.send("more-orders", order).block(Instances.PATIENCE);
                    assertThat(heard.next()).isEqualTo(order);
                    assertThat(heard.next()).isEqualTo("more-orders");
                    template.send("lists", List.of(order, order)).block(Instances.PATIENCE);
                    assertThat(heard.next()).isEqualTo(List.of(order, order));
                    template.send("weather", new Celsius(21.5)).block(Instances.PATIENCE);
                    assertThat(heard.next()).isEqualTo(new Celsius(21.5));
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Weather {
        @Bean
        Codec<Celsius> celsius() {
            return new Codec<>() {
                @Override
                public byte[] encode(Celsius value) {
                    return (value.degrees() + " C").getBytes(StandardCharsets.UTF_8);
                }

                @Override
                public Celsius decode(byte[] bytes) {
                    String text = new String(bytes, StandardCharsets.UTF_8);
                    return new Celsius(Double.parseDouble(text.substring(0, text.length() - 2)));
                }
            };
        }
    }

    static class Changes extends Heard {
        final BlockingQueue<GroupChange> groups = new LinkedBlockingQueue<>();

        @TotemListener
        void configuration(ConfigChange change) {
            all.add(change);
        }

        @TotemListener(group = "here", name = "watcher")
        void group(GroupChange change) {
            groups.add(change);
        }
    }

    @Test
    void givesChangesOfTheConfigurationAndOfGroups() {
        application.withBean(Changes.class).run(context -> {
            Changes heard = context.getBean(Changes.class);
            assertThat(heard.next())
                    .isInstanceOfSatisfying(
                            ConfigChange.class,
                            change -> assertThat(change.members()).hasSize(1));
            assertThat(taken(heard.groups).members())
                    .singleElement()
                    .satisfies(member -> assertThat(member.name()).contains("watcher"));
        });
    }

    static class Slow extends Heard {
        final Sinks.Empty<Void> done = Sinks.empty();

        @TotemListener(group = "work")
        Mono<Void> work(String text) {
            all.add(text);
            return text.equals("first") ? done.asMono() : Mono.empty();
        }
    }

    static class Quick extends Heard {
        @TotemListener(group = "work")
        void work(String text) {
            all.add(text);
        }
    }

    @Test
    void takesTheNextEventWhenTheLastResultHasCompleted() {
        application.withBean(Slow.class).withBean(Quick.class).run(context -> {
            Slow slow = context.getBean(Slow.class);
            Quick quick = context.getBean(Quick.class);
            context.getBean(TotemTemplate.class)
                    .sendAll("work", Flux.just("first", "second"))
                    .blockLast(Instances.PATIENCE);

            assertThat(quick.next()).isEqualTo("first");
            assertThat(quick.next()).isEqualTo("second");
            assertThat(slow.next()).isEqualTo("first");
            assertThat(slow.all).isEmpty();
            slow.done.tryEmitEmpty();
            assertThat(slow.next()).isEqualTo("second");
        });
    }

    static class Failing extends Heard implements TotemListenerErrorHandler {
        final BlockingQueue<TotemListenerFailure> failures = new LinkedBlockingQueue<>();

        @TotemListener(group = "numbers", name = "plain")
        void plain(String number) {
            all.add(Integer.parseInt(number));
        }

        @TotemListener(group = "orders", name = "reactive")
        Mono<Void> reactive(Order order) {
            return order.count() < 0
                    ? Mono.error(new IllegalStateException("less than none"))
                    : Mono.fromRunnable(() -> all.add(order));
        }

        @Override
        public Mono<Void> handle(TotemListenerFailure failure) {
            return Mono.fromRunnable(() -> failures.add(failure));
        }
    }

    @Test
    void tellsTheErrorHandlerWhatFailsAndGoesOn() {
        application.withBean(Failing.class).run(context -> {
            TotemTemplate template = context.getBean(TotemTemplate.class);
            Failing listener = context.getBean(Failing.class);

            template.sendAll("numbers", Flux.just("three", "4")).blockLast(Instances.PATIENCE);
            TotemListenerFailure thrown = taken(listener.failures);
            assertThat(thrown.listener()).isEqualTo("plain");
            assertThat(thrown.error()).isInstanceOf(NumberFormatException.class);
            assertThat(thrown.event()).containsInstanceOf(Delivery.class);
            assertThat(listener.next()).isEqualTo(4);

            template.sendAll("orders", Flux.just("{]", new Order("apples", -1), new Order("apples", 1)))
                    .blockLast(Instances.PATIENCE);
            assertThat(taken(listener.failures).error()).hasMessageContaining("Unexpected");
            assertThat(taken(listener.failures).error()).hasMessage("less than none");
            assertThat(listener.next()).isEqualTo(new Order("apples", 1));
        });
    }

    static class Stubborn extends Failing {
        @Override
        public Mono<Void> handle(TotemListenerFailure failure) {
            return super.handle(failure).then(Mono.error(failure.error()));
        }
    }

    @Test
    void endsAListenerWhoseErrorHandlerFails() {
        application.withBean(Stubborn.class).withBean(Quick.class).run(context -> {
            TotemTemplate template = context.getBean(TotemTemplate.class);
            Stubborn listener = context.getBean(Stubborn.class);

            template.sendAll("numbers", Flux.just("three", "4")).blockLast(Instances.PATIENCE);
            taken(listener.failures);
            template.send("orders", new Order("pears", 2)).block(Instances.PATIENCE);
            assertThat(listener.next()).isEqualTo(new Order("pears", 2));
            assertThat(listener.all).isEmpty();
        });
    }

    @Test
    void doesWhatWasDeliveredBeforeItStops() {
        List<Object> heard = new ArrayList<>();
        application.withBean(Quick.class).run(context -> {
            context.getBean(TotemTemplate.class)
                    .sendAll("work", Flux.range(0, 500).map(String::valueOf))
                    .blockLast(Instances.PATIENCE);
            Quick quick = context.getBean(Quick.class);
            context.close();
            quick.all.drainTo(heard);
        });
        assertThat(heard)
                .isEqualTo(IntStream.range(0, 500).mapToObj(String::valueOf).toList());
    }

    static class Overtaken extends Failing {
        final Sinks.Empty<Void> done = Sinks.empty();

        @TotemListener(group = "work", name = "overtaken", overflow = OverflowPolicy.FAIL)
        Mono<Void> work(String text) {
            all.add(text);
            return text.equals("first") ? done.asMono().doOnSuccess(nothing -> all.add("done")) : Mono.empty();
        }
    }

    @Test
    void finishesTheEventInHandWhenItWasTooSlowSaysSoAndGoesOnWithLaterOnes() {
        try (TestRing narrow = TestRing.of(1, settings -> settings.set(Settings.SUBSCRIBER_EVENTS, 16))) {
            Instances.on(narrow, 1)
                    .withBean(Overtaken.class)
                    .withBean(Quick.class)
                    .run(context -> {
                        TotemTemplate template = context.getBean(TotemTemplate.class);
                        Overtaken slow = context.getBean(Overtaken.class);
                        Quick quick = context.getBean(Quick.class);
                        template.send("work", "first").block(Instances.PATIENCE);
                        assertThat(slow.next()).isEqualTo("first");
                        template.sendAll("work", Flux.range(0, 100).map(String::valueOf))
                                .blockLast(Instances.PATIENCE);
                        Instances.await(() -> quick.all.size() == 101);

                        slow.done.tryEmitEmpty();

                        assertThat(slow.next()).isEqualTo("done");
                        TotemListenerFailure told = taken(slow.failures);
                        assertThat(told.event()).isEmpty();
                        assertThat(told.error()).isInstanceOf(SlowSubscriberException.class);
                        Instances.await(() -> {
                            template.send("work", "later").block(Instances.PATIENCE);
                            return slow.all.contains("later");
                        });
                        assertThat(slow.all).containsOnly("later");
                        assertThat(slow.failures).isEmpty();
                    });
        }
    }

    static class Elsewhere implements TotemListenerErrorHandler {
        final BlockingQueue<Boolean> mayBlock = new LinkedBlockingQueue<>();

        @TotemListener(group = "work")
        Mono<Void> work(String text) {
            return Mono.delay(Duration.ofMillis(1)).then(Mono.error(new IllegalStateException(text)));
        }

        @Override
        public Mono<Void> handle(TotemListenerFailure failure) {
            mayBlock.add(!Schedulers.isInNonBlockingThread());
            return Mono.empty();
        }
    }

    @Test
    void callsTheErrorHandlerWhereItMayBlockWhereverAResultFails() {
        application.withBean(Elsewhere.class).run(context -> {
            context.getBean(TotemTemplate.class).send("work", "failing").block(Instances.PATIENCE);
            assertThat(taken(context.getBean(Elsewhere.class).mayBlock)).isTrue();
        });
    }

    /** The streams and joins of its handles end, and the handles are not disposed yet. */
    private static TotemNode ending(TotemNode node, Throwable end) {
        return changed(
                TotemNode.class,
                node,
                "openHandle",
                handle -> changed(
                        EvsHandle.class,
                        changed(EvsHandle.class, handle, "events", events -> Flux.error(end)),
                        "join",
                        position -> Mono.error(end)));
    }

    private static <T> T changed(Class<T> type, Object real, String method, UnaryOperator<Object> change) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    Object result = called.invoke(real, arguments);
                    return called.getName().equals(method) ? change.apply(result) : result;
                }));
    }

    @Test
    void saysNothingOfMissedEventsWhenItsNodeEnds() {
        List<TotemListenerFailure> told = new CopyOnWriteArrayList<>();
        Instances.applications()
                .withBean(
                        TotemNodeStarter.class,
                        () -> settings -> Mono.just(ending(ring.node(1), new NodeClosedException("the node"))))
                .withBean(TotemListenerErrorHandler.class, () -> failure -> Mono.fromRunnable(() -> told.add(failure)))
                .withBean(Quick.class)
                .run(context -> context.close());
        assertThat(told).isEmpty();
    }

    static class Wrong {
        @TotemListener(group = "work")
        void two(String one, String other) {}
    }

    @Test
    void refusesMethodsThatCannotBeCalled() {
        application
                .withBean(Wrong.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasMessageContaining("needs one parameter")
                        .hasMessageContaining("two"));
    }
}
