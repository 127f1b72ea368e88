/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** The fields {@code to} and {@code headers} of the op {@code send}. */
final class SendFields {

    private static final String TO =
            "to is an array of node ids, or of members: {\"node\":N,\"handle\":H,\"life\":\"L\"}, of which only node is needed";

    private SendFields() {}

    static List<NodeRequest.To> to(JsonNode command, Optional<String> tag) throws BadRequestException {
        JsonNode all = command.path("to");
        if (all.isMissingNode()) {
            return List.of();
        }
        List<NodeRequest.To> to = new ArrayList<>();
        for (JsonNode one : all) {
            JsonNode node = one.isObject() ? one.path("node") : one;
            if (!node.isInt()
                    || node.intValue() < 1
                    || (one.has("handle") && !one.get("handle").isInt())) {
                throw new BadRequestException(tag, TO);
            }
            to.add(new NodeRequest.To(
                    NodeId.of(node.intValue()),
                    one.has("handle") ? OptionalInt.of(one.get("handle").intValue()) : OptionalInt.empty(),
                    life(one, tag)));
        }
        if (!all.isArray() || to.isEmpty()) {
            throw new BadRequestException(tag, TO);
        }
        if (command.has("groups")) {
            throw new BadRequestException(tag, "a message goes to members (to) or to groups: name one of them");
        }
        return to;
    }

    private static OptionalLong life(JsonNode one, Optional<String> tag) throws BadRequestException {
        if (!one.has("life")) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseUnsignedLong(one.get("life").asText()));
        } catch (NumberFormatException notANumber) {
            throw new BadRequestException(tag, TO);
        }
    }

    static SortedMap<String, String> headers(JsonNode command, Optional<String> tag) throws BadRequestException {
        SortedMap<String, String> headers = new TreeMap<>();
        JsonNode all = command.path("headers");
        if (!all.isMissingNode() && !all.isObject()) {
            throw new BadRequestException(tag, "headers is an object of strings");
        }
        for (Map.Entry<String, JsonNode> header : all.properties()) {
            if (!header.getValue().isTextual()) {
                throw new BadRequestException(tag, "headers is an object of strings");
            }
            headers.put(header.getKey(), header.getValue().textValue());
        }
        return headers;
    }
}
