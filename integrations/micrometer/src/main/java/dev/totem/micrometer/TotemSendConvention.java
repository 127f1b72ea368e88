/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * What {@link TotemObservation#SEND} is called and says. One of your own takes its place by {@link
 * ObservedHandles#convention(TotemSendConvention)}; with the Spring Boot starter also as the only bean of this type. Any thread.
 */
public interface TotemSendConvention extends ObservationConvention<TotemSendContext> {

    /** The names of OpenTelemetry's conventions for messaging. */
    TotemSendConvention DEFAULT = new TotemSendConvention() {};

    @Override
    default String getName() {
        return TotemObservation.SEND.getName();
    }

    @Override
    default String getContextualName(TotemSendContext context) {
        return "send " + TotemObservation.Key.destination(context.message().groups());
    }

    @Override
    default KeyValues getLowCardinalityKeyValues(TotemSendContext context) {
        return TotemObservation.Key.low("send", "send", context.message().guarantee());
    }

    @Override
    default KeyValues getHighCardinalityKeyValues(TotemSendContext context) {
        KeyValues values = TotemObservation.Key.high(
                context.message().groups(), context.message().payload().length);
        return context.position()
                .map(position -> values.and(TotemObservation.Key.MESSAGE_ID.withValue(position.toString())))
                .orElse(values);
    }

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof TotemSendContext;
    }
}
