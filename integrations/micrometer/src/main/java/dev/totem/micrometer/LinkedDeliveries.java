/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import static java.util.Objects.requireNonNull;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tracing handler for {@link TotemObservation#DELIVER}: each receiver's span is in the trace of the send, and has a link to the
 * sender's span, as a message has many receivers. To be put before the general handler for receivers. Any thread. The link is made from
 * the header {@code traceparent} of W3C; with another propagation there is none.
 */
public final class LinkedDeliveries extends PropagatingReceiverTracingObservationHandler<TotemDeliverContext> {

    private static final Pattern PARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final int SAMPLED = 1;
    private static final int HEX = 16;

    public LinkedDeliveries(Tracer tracer, Propagator propagator) {
        super(requireNonNull(tracer, "tracer"), requireNonNull(propagator, "propagator"));
    }

    @Override
    public Span.Builder customizeExtractedSpan(TotemDeliverContext context, Span.Builder builder) {
        String parent = context.delivery().headers().get("traceparent");
        Optional<TraceContext> sender = parent == null ? Optional.empty() : sender(parent);
        return sender.map(Link::new).map(builder::addLink).orElse(builder);
    }

    @Override
    public boolean supportsContext(io.micrometer.observation.Observation.Context context) {
        return context instanceof TotemDeliverContext;
    }

    private Optional<TraceContext> sender(String parent) {
        Matcher parts = PARENT.matcher(parent);
        return parts.matches()
                ? Optional.of(getTracer()
                        .traceContextBuilder()
                        .traceId(parts.group(1))
                        .spanId(parts.group(2))
                        .sampled((Integer.parseInt(parts.group(3), HEX) & SAMPLED) != 0)
                        .build())
                : Optional.empty();
    }
}
