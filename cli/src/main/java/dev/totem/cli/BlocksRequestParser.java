/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.totem.core.ConfigurationException;
import dev.totem.core.GroupName;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The commands of {@code totem blocks --json}: one JSON object a line. Input thread only. */
final class BlocksRequestParser {

    private static final long DEMAND_MAX = 1_000_000;

    private final JsonTree lines = new JsonTree();

    BlocksRequest parse(byte[] line) throws BadRequestException {
        JsonNode command = lines.read(line);
        Optional<String> tag = JsonTree.tag(command);
        String op = JsonTree.op(command, "{\"op\":\"put\", …}");
        Fields in = new Fields(op, command, tag);
        return switch (op) {
            case "put" -> new BlocksRequest.Put(in.tag(), in.text("key"), in.text("value"));
            case "remove" -> new BlocksRequest.Remove(in.tag(), in.text("key"));
            case "cas" -> cas(in);
            case "get" -> new BlocksRequest.Get(in.tag(), in.text("key"), false);
            case "get-local" -> new BlocksRequest.Get(in.tag(), in.text("key"), true);
            case "add" -> new BlocksRequest.Add(in.tag(), in.text("key"), in.number("by"));
            case "lock" -> new BlocksRequest.Lock(in.tag(), in.name("name"));
            case "unlock" -> new BlocksRequest.Unlock(in.tag(), in.name("name"));
            case "candidate" -> new BlocksRequest.Candidate(tag, in.name("name"), in.priority());
            case "resign" -> new BlocksRequest.Resign(in.tag(), in.name("name"));
            case "enqueue" -> new BlocksRequest.Enqueue(in.tag(), in.name("queue"), in.text("value"));
            case "work" -> new BlocksRequest.Work(tag, in.name("queue"), in.demand());
            case "ack" -> new BlocksRequest.Ack(tag, in.name("queue"), in.text("item"));
            case "ask" -> new BlocksRequest.Ask(in.tag(), in.group(in.text("group")), in.data());
            case "join" -> new BlocksRequest.Join(tag, in.groups());
            case "leave" -> new BlocksRequest.Leave(tag, in.groups());
            case "dump" -> new BlocksRequest.Dump(tag);
            case "membership" -> new BlocksRequest.Membership(tag);
            case "stats" -> new BlocksRequest.Stats(tag);
            case "quit" -> new BlocksRequest.Quit(tag);
            default ->
                throw new BadRequestException(
                        tag,
                        "unknown op \"" + op + "\"; known are put, remove, cas, get, get-local, add, lock, unlock,"
                                + " candidate, resign, enqueue, work, ack, ask, join, leave, dump, membership, stats,"
                                + " quit");
        };
    }

    private static BlocksRequest cas(Fields in) throws BadRequestException {
        BlocksRequest.Cas cas =
                new BlocksRequest.Cas(in.tag(), in.text("key"), in.optionalText("expect"), in.optionalText("value"));
        if (cas.expect().isEmpty() && cas.value().isEmpty()) {
            throw new BadRequestException(
                    in.tag, "expect and value are null: there is nothing to change; get says what a key has");
        }
        return cas;
    }

    /** The fields of a command. */
    private record Fields(String op, JsonNode command, Optional<String> tag) {

        @Override
        public Optional<String> tag() {
            return tag;
        }

        String text(String name) throws BadRequestException {
            JsonNode field = command.path(name);
            if (!field.isTextual()) {
                throw new BadRequestException(tag, op + " needs " + name + ", a string");
            }
            return field.textValue();
        }

        String name(String name) throws BadRequestException {
            String text = text(name);
            if (text.isEmpty()) {
                throw new BadRequestException(tag, name + " is empty");
            }
            return text;
        }

        Optional<String> optionalText(String name) throws BadRequestException {
            JsonNode field = command.path(name);
            return field.isNull() || field.isMissingNode() ? Optional.empty() : Optional.of(text(name));
        }

        long number(String name) throws BadRequestException {
            JsonNode field = command.path(name);
            if (!field.isIntegralNumber() || !field.canConvertToLong()) {
                throw new BadRequestException(tag, op + " needs " + name + ", a whole number of 64 bits");
            }
            return field.longValue();
        }

        long demand() throws BadRequestException {
            long demand = number("demand");
            if (demand < 1 || demand > DEMAND_MAX) {
                throw new BadRequestException(tag, "demand is from 1 to " + DEMAND_MAX + ": " + demand);
            }
            return demand;
        }

        int priority() throws BadRequestException {
            JsonNode field = command.path("priority");
            if (field.isMissingNode()) {
                return 0;
            }
            if (!field.isInt()) {
                throw new BadRequestException(tag, "priority is a whole number of 32 bits");
            }
            return field.intValue();
        }

        byte[] data() throws BadRequestException {
            try {
                return Base64.getDecoder().decode(text("data"));
            } catch (IllegalArgumentException notBase64) {
                throw new BadRequestException(tag, "data is not base64: " + notBase64.getMessage());
            }
        }

        String group(String name) throws BadRequestException {
            try {
                return GroupName.of(name).value();
            } catch (ConfigurationException badName) {
                throw new BadRequestException(tag, "group: " + badName.getMessage());
            }
        }

        List<String> groups() throws BadRequestException {
            List<String> groups = new ArrayList<>();
            for (JsonNode name : command.path("groups")) {
                groups.add(group(name.asText()));
            }
            if (groups.isEmpty()) {
                throw new BadRequestException(tag, op + " needs groups, an array of at least one name");
            }
            return groups;
        }
    }
}
