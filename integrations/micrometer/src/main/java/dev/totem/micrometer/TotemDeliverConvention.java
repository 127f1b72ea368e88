/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * What {@link TotemObservation#DELIVER} is called and says. One of your own takes its place by {@link
 * ObservedHandles#convention(TotemDeliverConvention)}; with the Spring Boot starter also as the only bean of this type. Any thread.
 */
public interface TotemDeliverConvention extends ObservationConvention<TotemDeliverContext> {

    /** The names of OpenTelemetry's conventions for messaging. */
    TotemDeliverConvention DEFAULT = new TotemDeliverConvention() {};

    @Override
    default String getName() {
        return TotemObservation.DELIVER.getName();
    }

    @Override
    default String getContextualName(TotemDeliverContext context) {
        return "deliver " + TotemObservation.Key.destination(context.delivery().groups());
    }

    @Override
    default KeyValues getLowCardinalityKeyValues(TotemDeliverContext context) {
        return TotemObservation.Key.low("deliver", "process", context.delivery().guarantee());
    }

    @Override
    default KeyValues getHighCardinalityKeyValues(TotemDeliverContext context) {
        return TotemObservation.Key.high(
                        context.delivery().groups(), context.delivery().payloadBytes())
                .and(
                        TotemObservation.Key.MESSAGE_ID.withValue(
                                context.delivery().position().toString()),
                        TotemObservation.Key.SENDER.withValue(
                                context.delivery().sender().toString()));
    }

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof TotemDeliverContext;
    }
}
