/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The observations of an {@link ObservedHandles observed handle}. */
public enum TotemObservation implements ObservationDocumentation {
    /** From when a message is sent until it has come back in its place of the order, or has failed. */
    SEND("totem.send", TotemSendConvention.class),
    /** While a subscriber has a message in hand. */
    DELIVER("totem.deliver", TotemDeliverConvention.class);

    private final String name;
    private final Class<? extends ObservationConvention<? extends Observation.Context>> convention;

    TotemObservation(String name, Class<? extends ObservationConvention<? extends Observation.Context>> convention) {
        this.name = name;
        this.convention = convention;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
        return convention;
    }

    @Override
    public KeyName[] getLowCardinalityKeyNames() {
        return new KeyName[] {Key.SYSTEM, Key.OPERATION, Key.OPERATION_TYPE, Key.GUARANTEE};
    }

    @Override
    public KeyName[] getHighCardinalityKeyNames() {
        return this == SEND
                ? new KeyName[] {Key.DESTINATION, Key.MESSAGE_ID, Key.BODY_SIZE}
                : new KeyName[] {Key.DESTINATION, Key.MESSAGE_ID, Key.BODY_SIZE, Key.SENDER};
    }

    /** The keys of both. */
    public enum Key implements KeyName {
        /** Always {@code totem}. */
        SYSTEM("messaging.system"),
        /** {@code send} or {@code deliver}. */
        OPERATION("messaging.operation.name"),
        /** {@code send} or {@code process}. */
        OPERATION_TYPE("messaging.operation.type"),
        /** {@code fifo}, {@code agreed} or {@code safe}. */
        GUARANTEE("totem.guarantee"),
        /** The groups, with a comma between them. */
        DESTINATION("messaging.destination.name"),
        /** The position, the same at every node; of a send that failed there is none. */
        MESSAGE_ID("messaging.message.id"),
        /** Bytes of the payload. */
        BODY_SIZE("messaging.message.body.size"),
        /** The id of the node that sent it. */
        SENDER("totem.sender");

        private final String text;

        Key(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }

        static KeyValues low(String operation, String type, Guarantee guarantee) {
            return KeyValues.of(
                    SYSTEM.withValue("totem"),
                    OPERATION.withValue(operation),
                    OPERATION_TYPE.withValue(type),
                    GUARANTEE.withValue(guarantee.name().toLowerCase(Locale.ROOT)));
        }

        static KeyValues high(List<GroupName> groups, int payloadBytes) {
            return KeyValues.of(
                    DESTINATION.withValue(destination(groups)), BODY_SIZE.withValue(String.valueOf(payloadBytes)));
        }

        /** What a message that names no groups goes to is for its handle to say. */
        static String destination(List<GroupName> groups) {
            return groups.isEmpty()
                    ? "joined"
                    : groups.stream().map(GroupName::value).collect(Collectors.joining(","));
        }
    }
}
