/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * Handles whose sends and deliveries are observed. Immutable, any thread.
 *
 * <p>What is current when a send is subscribed, in Reactor's context or else on the thread, is the parent of {@link
 * TotemObservation#SEND}. A tracing handler of the registry puts its context into headers of the message, and {@link
 * TotemObservation#DELIVER} goes on from there at each receiver. A message without room for them goes without.
 *
 * <p>A handler or a convention that throws is logged; what it would have observed goes on.
 */
public final class ObservedHandles {

    /** Where Reactor's context has the current observation; {@code ObservationThreadLocalAccessor.KEY}. */
    static final String KEY = "micrometer.observation";

    private final ObservationRegistry registry;
    private final @Nullable TotemSendConvention sends;
    private final @Nullable TotemDeliverConvention deliveries;

    private ObservedHandles(
            ObservationRegistry registry,
            @Nullable TotemSendConvention sends,
            @Nullable TotemDeliverConvention deliveries) {
        this.registry = registry;
        this.sends = sends;
        this.deliveries = deliveries;
    }

    /** Observations for this registry; while it has no handlers they cost nothing. */
    public static ObservedHandles in(ObservationRegistry registry) {
        return new ObservedHandles(requireNonNull(registry, "registry"), null, null);
    }

    /** With other names and keys for sends. */
    public ObservedHandles convention(TotemSendConvention convention) {
        return new ObservedHandles(registry, requireNonNull(convention, "convention"), deliveries);
    }

    /** With other names and keys for deliveries. */
    public ObservedHandles convention(TotemDeliverConvention convention) {
        return new ObservedHandles(registry, sends, requireNonNull(convention, "convention"));
    }

    /**
     * The handle, observed: its sends, and each delivery while the subscriber's {@code onNext} runs, in which it is current on the
     * thread. What a subscriber does later belongs into {@link #process}, with a handle that is not observed.
     */
    public EvsHandle observe(EvsHandle handle) {
        return new ObservedHandle(requireNonNull(handle, "handle"), this);
    }

    /**
     * Observes what is done with a delivery until it is done: for {@code handle.deliveries().concatMap(d ->
     * observed.process(d, this::store))}. The observation is in the context of the publisher, and current while it is made.
     *
     * <p>Emits what the publisher emits. Cold.
     */
    public <T> Flux<T> process(Delivery delivery, Function<? super Delivery, ? extends Publisher<T>> work) {
        requireNonNull(delivery, "delivery");
        requireNonNull(work, "work");
        return Flux.defer(() -> {
            Running running = start(() -> deliver(delivery));
            if (running.isNoop()) {
                return work.apply(delivery);
            }
            return Flux.<T>defer(() -> running.scoped(() -> work.apply(delivery)))
                    .doOnComplete(running::end)
                    .doOnError(running::end)
                    .doOnCancel(running::end)
                    .contextWrite(running::in);
        });
    }

    Running start(Supplier<Observation> making) {
        return Running.start(registry, making);
    }

    /** One that is not started. */
    Observation send(TotemSendContext message, ContextView context) {
        Observation observation =
                TotemObservation.SEND.observation(sends, TotemSendConvention.DEFAULT, () -> message, registry);
        return withParent(observation, context);
    }

    /** One that is not started; its parent is the sender's. */
    Observation deliver(Delivery delivery) {
        return TotemObservation.DELIVER.observation(
                deliveries, TotemDeliverConvention.DEFAULT, () -> new TotemDeliverContext(delivery), registry);
    }

    private static Observation withParent(Observation observation, ContextView context) {
        Object parent = context.getOrDefault(KEY, null);
        return parent instanceof Observation current ? observation.parentObservation(current) : observation;
    }
}
