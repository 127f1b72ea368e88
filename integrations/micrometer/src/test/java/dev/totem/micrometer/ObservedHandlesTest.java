/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.testkit.TestRing;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A ring of three, whose handles are observed by OpenTelemetry. */
class ObservedHandlesTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final AttributeKey<String> ID = AttributeKey.stringKey("messaging.message.id");

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final ObservedHandles observed = ObservedHandles.in(registry);
    private TestRing ring;
    private List<EvsHandle> handles = List.of();

    @BeforeEach
    void formsARing() {
        Tracer otel = provider.get("test");
        OtelTracer tracer = new OtelTracer(otel, new OtelCurrentTraceContext(), event -> {});
        OtelPropagator propagator =
                new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), otel);
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new LinkedDeliveries(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
        ring = TestRing.of(3);
        ring.awaitOneRing().block(SOON);
        handles = IntStream.rangeClosed(1, 3)
                .mapToObj(id -> ring.node(id).openHandle())
                .toList();
        handles.forEach(handle -> handle.join("g").block(SOON));
    }

    @AfterEach
    void ends() {
        ring.close();
        provider.close();
    }

    private static void await(BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .filter(tick -> condition.getAsBoolean())
                .next()
                .block(SOON);
    }

    private List<SpanData> spans(SpanKind kind) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getKind() == kind)
                .toList();
    }

    private void consume() {
        handles.forEach(handle -> observed.observe(handle).deliveries().subscribe(delivery -> {}));
    }

    @Test
    void aRequestItsSendAndItsReceiversOnThreeNodesAreOneTrace() {
        consume();
        Observation request = Observation.start("request", registry);

        Position position = observed.observe(handles.get(0))
                .send(Message.to("g").payload(new byte[7]).safe())
                .contextWrite(context -> context.put(ObservedHandles.KEY, request))
                .block(SOON);
        request.stop();
        await(() -> spans(SpanKind.CONSUMER).size() == 3);

        SpanData root = spans(SpanKind.INTERNAL).get(0);
        SpanData send = spans(SpanKind.PRODUCER).get(0);
        assertThat(exporter.getFinishedSpanItems())
                .extracting(SpanData::getTraceId)
                .containsOnly(root.getTraceId());
        assertThat(send.getParentSpanId()).isEqualTo(root.getSpanId());
        assertThat(send.getName()).isEqualTo("send g");
        assertThat(send.getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("messaging.system"), "totem")
                .containsEntry(AttributeKey.stringKey("messaging.operation.type"), "send")
                .containsEntry(AttributeKey.stringKey("messaging.destination.name"), "g")
                .containsEntry(AttributeKey.stringKey("totem.guarantee"), "safe")
                .containsEntry(AttributeKey.stringKey("messaging.message.body.size"), "7")
                .containsEntry(ID, position.toString());
        assertThat(spans(SpanKind.CONSUMER)).hasSize(3).allSatisfy(receiver -> {
            assertThat(receiver.getName()).isEqualTo("deliver g");
            assertThat(receiver.getParentSpanId()).isEqualTo(send.getSpanId());
            assertThat(receiver.getLinks())
                    .singleElement()
                    .satisfies(link ->
                            assertThat(link.getSpanContext().getSpanId()).isEqualTo(send.getSpanId()));
            assertThat(receiver.getAttributes().get(ID)).isEqualTo(position.toString());
            assertThat(receiver.getAttributes().get(AttributeKey.stringKey("totem.sender")))
                    .isEqualTo("1");
        });
    }

    @Test
    void messagesThatShareAFrameHaveEachItsOwnSpans() {
        consume();
        int messages = 200;

        List<Position> positions = observed.observe(handles.get(1))
                .sendAll(Flux.range(0, messages).map(i -> Message.to("g").payload(new byte[] {i.byteValue()})))
                .collectList()
                .block(SOON);
        await(() -> spans(SpanKind.CONSUMER).size() == 3 * messages);

        assertThat(positions).anyMatch(position -> position.index() > 0);
        List<SpanData> sends = spans(SpanKind.PRODUCER);
        assertThat(sends)
                .extracting(send -> send.getAttributes().get(ID))
                .isEqualTo(positions.stream().map(Position::toString).toList());
        assertThat(sends).extracting(SpanData::getTraceId).doesNotHaveDuplicates();
        assertThat(sends)
                .allSatisfy(send -> assertThat(spans(SpanKind.CONSUMER).stream()
                                .filter(receiver -> receiver.getParentSpanId().equals(send.getSpanId())))
                        .hasSize(3)
                        .allMatch(receiver -> receiver.getAttributes()
                                .get(ID)
                                .equals(send.getAttributes().get(ID))));
    }

    @Test
    void whatASubscriberDoesMeanwhileIsPartOfTheTrace() {
        observed.observe(handles.get(2))
                .deliveries()
                .subscribe(delivery ->
                        Observation.createNotStarted("store", registry).observe(() -> {}));

        observed.observe(handles.get(0)).send(Message.to("g")).block(SOON);
        await(() -> !spans(SpanKind.CONSUMER).isEmpty());

        assertThat(spans(SpanKind.INTERNAL))
                .singleElement()
                .satisfies(store -> assertThat(store.getParentSpanId())
                        .isEqualTo(spans(SpanKind.CONSUMER).get(0).getSpanId()));
    }

    @Test
    void workThatGoesOnLaterIsObservedToItsEndAndItsFailureTold() {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        handles.get(2)
                .deliveries()
                .concatMap(delivery -> observed.process(delivery, this::store))
                .subscribe(stored -> {}, failures::add);

        observed.observe(handles.get(0))
                .send(Message.to("g").payload(new byte[1]))
                .block(SOON);
        observed.observe(handles.get(0)).send(Message.to("g")).block(SOON);
        await(() -> spans(SpanKind.CONSUMER).size() == 2 && !failures.isEmpty());

        List<SpanData> receivers = spans(SpanKind.CONSUMER);
        assertThat(receivers.get(0).getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
        assertThat(receivers.get(0).getEndEpochNanos() - receivers.get(0).getStartEpochNanos())
                .isGreaterThan(Duration.ofMillis(40).toNanos());
        assertThat(receivers.get(1).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(failures).singleElement().isInstanceOf(IllegalArgumentException.class);
    }

    private Mono<Integer> store(Delivery delivery) {
        return delivery.payloadBytes() == 0
                ? Mono.error(new IllegalArgumentException("empty"))
                : Mono.delay(Duration.ofMillis(50)).thenReturn(delivery.payloadBytes());
    }

    @Test
    void aSendThatFailsIsASpanWithItsError() {
        EvsHandle handle = observed.observe(handles.get(0));
        handle.close().block(SOON);

        assertThatThrownBy(() -> handle.send(Message.to("g")).block(SOON)).isInstanceOf(SendFailedException.class);

        assertThat(spans(SpanKind.PRODUCER)).singleElement().satisfies(send -> {
            assertThat(send.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(send.getAttributes().get(ID)).isNull();
        });
    }

    @Test
    void aMessageWithoutRoomForTheContextIsSentAsItIs() {
        List<Delivery> seen = new CopyOnWriteArrayList<>();
        handles.get(1).deliveries().subscribe(seen::add);
        Message full = Message.to("g");
        for (int i = 0; i < Message.HEADERS_MAX; i++) {
            full = full.header("h" + i, "v");
        }

        observed.observe(handles.get(0)).send(full).block(SOON);
        observed.observe(handles.get(0)).send(Message.to("g").header("h", "v")).block(SOON);
        await(() -> seen.size() == 2);

        assertThat(seen.get(0).headers()).isEqualTo(full.headers());
        assertThat(seen.get(1).headers()).containsOnlyKeys("h", "traceparent");
    }

    @Test
    void conventionsAreReplaced() {
        ObservedHandles own = observed.convention(new TotemSendConvention() {
            @Override
            public String getContextualName(TotemSendContext context) {
                return "publish";
            }

            @Override
            public KeyValues getLowCardinalityKeyValues(TotemSendContext context) {
                return KeyValues.of("team", "a");
            }
        });

        own.observe(handles.get(0)).send(Message.to("g")).block(SOON);

        assertThat(spans(SpanKind.PRODUCER)).singleElement().satisfies(send -> {
            assertThat(send.getName()).isEqualTo("publish");
            assertThat(send.getAttributes().get(AttributeKey.stringKey("team"))).isEqualTo("a");
            assertThat(send.getAttributes().get(AttributeKey.stringKey("messaging.system")))
                    .isNull();
        });
    }

    @Test
    void whereNobodyObservesMessagesStayAsTheyAre() {
        List<Delivery> seen = new CopyOnWriteArrayList<>();
        ObservedHandles blind = ObservedHandles.in(ObservationRegistry.NOOP);
        blind.observe(handles.get(1)).deliveries().subscribe(seen::add);

        blind.observe(handles.get(0)).send(Message.to("g")).block(SOON);
        await(() -> seen.size() == 1);

        assertThat(seen.get(0).headers()).isEmpty();
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void whoWouldWaitForItselfIsRefusedAsWithoutObservation() {
        List<Throwable> refused = new CopyOnWriteArrayList<>();
        EvsHandle handle = observed.observe(ring.node(3).openHandle(Schedulers.boundedElastic(), "blocks"));
        handle.join("g").block(SOON);
        handle.deliveries().subscribe(delivery -> {
            try {
                handle.events().blockFirst(Duration.ofSeconds(2));
            } catch (RuntimeException expected) {
                refused.add(expected);
            }
        });

        handles.get(0).send(Message.to("g")).block(SOON);
        await(() -> !refused.isEmpty());

        assertThat(refused).singleElement().asString().contains("callback of the same handle");
    }

    /** Where what observes fails. */
    private enum Stage {
        START,
        OPEN,
        CLOSE,
        STOP,
        CONVENTION
    }

    /** What observes and fails at one stage. */
    private record Broken(Stage stage) implements ObservationHandler<Observation.Context> {

        private void at(Stage now) {
            if (now == stage) {
                throw new IllegalStateException("broken at " + stage);
            }
        }

        @Override
        public void onStart(Observation.Context context) {
            at(Stage.START);
        }

        @Override
        public void onScopeOpened(Observation.Context context) {
            at(Stage.OPEN);
        }

        @Override
        public void onScopeClosed(Observation.Context context) {
            at(Stage.CLOSE);
        }

        @Override
        public void onStop(Observation.Context context) {
            at(Stage.STOP);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        private ObservedHandles in(ObservationRegistry registry) {
            return ObservedHandles.in(registry)
                    .convention(new TotemSendConvention() {
                        @Override
                        public KeyValues getLowCardinalityKeyValues(TotemSendContext context) {
                            at(Stage.CONVENTION);
                            return KeyValues.empty();
                        }
                    })
                    .convention(new TotemDeliverConvention() {
                        @Override
                        public KeyValues getLowCardinalityKeyValues(TotemDeliverContext context) {
                            at(Stage.CONVENTION);
                            return KeyValues.empty();
                        }
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatObservesAndFailsDisturbsNeitherSendsNorDeliveriesNorWork(Stage stage) {
        ObservationRegistry fragile = ObservationRegistry.create();
        Broken broken = new Broken(stage);
        fragile.observationConfig().observationHandler(broken);
        ObservedHandles own = broken.in(fragile);
        List<Delivery> seen = new CopyOnWriteArrayList<>();
        List<Delivery> worked = new CopyOnWriteArrayList<>();
        List<Observation.Scope> left = new CopyOnWriteArrayList<>();
        handles.get(1)
                .events()
                .doOnNext(event -> Optional.ofNullable(fragile.getCurrentObservationScope())
                        .ifPresent(left::add))
                .subscribe();
        own.observe(handles.get(1)).deliveries().subscribe(seen::add);
        handles.get(2)
                .deliveries()
                .concatMap(delivery -> own.process(delivery, one -> Mono.fromRunnable(() -> worked.add(one))))
                .subscribe();
        EvsHandle sender = own.observe(handles.get(0));

        sender.send(Message.to("g")).block(SOON);
        sender.sendAll(Flux.range(0, 3).map(i -> Message.to("g"))).blockLast(SOON);

        await(() -> seen.size() == 4 && worked.size() == 4);
        assertThat(left).isEmpty();
    }
}
