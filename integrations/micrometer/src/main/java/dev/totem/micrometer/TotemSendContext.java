/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Message;
import dev.totem.core.Position;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A message on its way into the order; what is put into the carrier becomes headers of it. One thread at a time. */
public final class TotemSendContext extends SenderContext<Map<String, String>> {

    private final Message message;
    private @Nullable Position position;

    TotemSendContext(Message message) {
        super((carrier, name, value) -> requireNonNull(carrier, "carrier").put(name, value), Kind.PRODUCER);
        this.message = message;
        setCarrier(new TreeMap<>());
    }

    /** As the application made it. */
    public Message message() {
        return message;
    }

    /** Where it was ordered; empty until then. */
    public Optional<Position> position() {
        return Optional.ofNullable(position);
    }

    void position(Position ordered) {
        position = ordered;
    }

    /** The message with what goes along; without it where it has no room for more headers. */
    Message outgoing() {
        Map<String, String> carrier = getCarrier();
        if (carrier == null || carrier.isEmpty()) {
            return message;
        }
        int bytes = 0;
        TreeMap<String, String> all = new TreeMap<>(carrier);
        all.putAll(message.headers());
        for (Map.Entry<String, String> header : all.entrySet()) {
            bytes += utf8(header.getKey()) + utf8(header.getValue());
        }
        boolean isRoom = all.size() <= Message.HEADERS_MAX
                && bytes <= Message.HEADER_BYTES_MAX
                && carrier.keySet().stream().allMatch(name -> utf8(name) <= Message.HEADER_NAME_BYTES_MAX);
        return isRoom
                ? new Message(
                        message.groups(),
                        message.recipients(),
                        message.guarantee(),
                        message.isOnlyInPrimary(),
                        all,
                        message.payload())
                : message;
    }

    private static int utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }
}
