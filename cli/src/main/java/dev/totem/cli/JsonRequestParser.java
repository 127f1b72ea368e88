/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The commands of {@code totem node --json}: one JSON object a line. */
final class JsonRequestParser implements RequestParser {

    private final JsonTree lines = new JsonTree();
    private final int dataBytesMax;

    JsonRequestParser(int dataBytesMax) {
        this.dataBytesMax = dataBytesMax;
    }

    @Override
    public NodeRequest parse(byte[] line) throws BadRequestException {
        JsonNode command = lines.read(line);
        Optional<String> tag = JsonTree.tag(command);
        String op = JsonTree.op(command, "{\"op\":\"send\", …}");
        return switch (op) {
            case "send" -> send(command, tag);
            case "join" -> new NodeRequest.Join(tag, someGroups(command, tag));
            case "leave" -> new NodeRequest.Leave(tag, someGroups(command, tag));
            case "rekey" -> new NodeRequest.Rekey(tag, key(command, tag), without(command, tag));
            case "watch" -> new NodeRequest.Watch(tag, someGroups(command, tag), true);
            case "unwatch" -> new NodeRequest.Watch(tag, someGroups(command, tag), false);
            case "members" -> new NodeRequest.InGroup(group(command, tag));
            case "membership" -> new NodeRequest.Members();
            case "lease" -> new NodeRequest.Lease();
            case "stats" -> new NodeRequest.Stats();
            case "quit" -> new NodeRequest.Quit();
            default ->
                throw new BadRequestException(
                        tag,
                        "unknown op \"" + op + "\"; known are send, join, leave, watch, unwatch, members, rekey, lease,"
                                + " membership, stats, quit");
        };
    }

    private NodeRequest send(JsonNode command, Optional<String> tag) throws BadRequestException {
        if (tag.isEmpty()) {
            throw new BadRequestException(tag, "send needs a tag, a string");
        }
        return new NodeRequest.Send(
                tag.get(),
                groups(command, tag),
                SendFields.to(command, tag),
                guarantee(command, tag),
                isOnlyInPrimary(command, tag),
                SendFields.headers(command, tag),
                data(command, tag));
    }

    private static GroupName group(JsonNode command, Optional<String> tag) throws BadRequestException {
        JsonNode name = command.path("group");
        if (!name.isTextual()) {
            throw new BadRequestException(tag, "members needs group, the name of one");
        }
        try {
            return GroupName.of(name.textValue());
        } catch (ConfigurationException badName) {
            throw new BadRequestException(tag, "group: " + badName.getMessage());
        }
    }

    private static int key(JsonNode command, Optional<String> tag) throws BadRequestException {
        JsonNode key = command.path("key");
        if (!key.isInt()) {
            throw new BadRequestException(tag, "rekey needs key, the number of a key in the key file");
        }
        return key.intValue();
    }

    private static Optional<NodeId> without(JsonNode command, Optional<String> tag) throws BadRequestException {
        JsonNode node = command.path("without");
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        if (!node.isInt() || node.intValue() < 1) {
            throw new BadRequestException(tag, "without is the id of a member, from 1 to 2147483647");
        }
        return Optional.of(NodeId.of(node.intValue()));
    }

    private byte[] data(JsonNode command, Optional<String> tag) throws BadRequestException {
        JsonNode text = command.path("data");
        if (!text.isTextual()) {
            throw new BadRequestException(tag, "send needs data, a string in base64");
        }
        byte[] data;
        try {
            data = Base64.getDecoder().decode(text.textValue());
        } catch (IllegalArgumentException notBase64) {
            throw new BadRequestException(tag, "data is not base64: " + notBase64.getMessage());
        }
        if (data.length > dataBytesMax) {
            throw new BadRequestException(
                    tag, "data has " + data.length + " bytes; the limit, max-message-size, is " + dataBytesMax);
        }
        return data;
    }

    private static boolean isOnlyInPrimary(JsonNode command, Optional<String> tag) throws BadRequestException {
        JsonNode only = command.path("only-in-primary");
        if (!only.isMissingNode() && !only.isBoolean()) {
            throw new BadRequestException(tag, "only-in-primary is true or false");
        }
        return only.asBoolean(false);
    }

    private static Guarantee guarantee(JsonNode command, Optional<String> tag) throws BadRequestException {
        JsonNode name = command.get("guarantee");
        if (name == null) {
            return Guarantee.AGREED;
        }
        return switch (name.isTextual() ? name.textValue() : "") {
            case "fifo" -> Guarantee.FIFO;
            case "agreed" -> Guarantee.AGREED;
            case "safe" -> Guarantee.SAFE;
            default ->
                throw new BadRequestException(tag, "unknown guarantee " + name + "; known are agreed, safe, fifo");
        };
    }

    private static List<GroupName> someGroups(JsonNode command, Optional<String> tag) throws BadRequestException {
        List<GroupName> groups = groups(command, tag);
        if (groups.isEmpty()) {
            throw new BadRequestException(tag, "groups is missing or empty: it is an array of at least one name");
        }
        return groups;
    }

    private static List<GroupName> groups(JsonNode command, Optional<String> tag) throws BadRequestException {
        JsonNode names = command.get("groups");
        if (names == null) {
            return List.of();
        }
        if (!names.isArray()) {
            throw new BadRequestException(tag, "groups is not an array of names");
        }
        if (names.size() > EvsHandle.GROUPS_MAX) {
            throw new BadRequestException(
                    tag, "groups has " + names.size() + " names; at most " + EvsHandle.GROUPS_MAX + " can be joined");
        }
        List<GroupName> groups = new ArrayList<>(names.size());
        for (JsonNode name : names) {
            if (!name.isTextual()) {
                throw new BadRequestException(tag, "groups is not an array of names");
            }
            try {
                groups.add(GroupName.of(name.textValue()));
            } catch (ConfigurationException badName) {
                throw new BadRequestException(tag, "groups: " + badName.getMessage());
            }
        }
        return groups;
    }
}
