/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A line of input that is a JSON object, with what all commands have in common. Any thread. */
final class JsonTree {

    /** {@code op} is the name to use; tools exist that say the others. */
    private static final List<String> OP_NAMES = List.of("op", "cmd", "command");

    private final ObjectMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    JsonNode read(byte[] line) throws BadRequestException {
        JsonNode command;
        try {
            command = mapper.readTree(line);
        } catch (JsonProcessingException notJson) {
            // What is no UTF-8, or nested too deeply, has no place.
            String where = Optional.ofNullable(notJson.getLocation())
                    .map(place -> " at column " + place.getColumnNr())
                    .orElse("");
            throw new BadRequestException(Optional.empty(), "not JSON" + where + ": " + notJson.getOriginalMessage());
        } catch (IOException notText) {
            throw new BadRequestException(Optional.empty(), "not JSON: " + notText.getMessage());
        }
        if (!command.isObject()) {
            throw new BadRequestException(Optional.empty(), "not a JSON object");
        }
        return command;
    }

    static Optional<String> tag(JsonNode command) {
        return Optional.ofNullable(command.get("tag"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }

    /** @param example what a command looks like */
    static String op(JsonNode command, String example) throws BadRequestException {
        return OP_NAMES.stream()
                .map(command::path)
                .filter(JsonNode::isTextual)
                .findFirst()
                .map(JsonNode::textValue)
                .orElseThrow(() -> new BadRequestException(tag(command), "no op: a command is " + example));
    }
}
