/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a node has printed so far. Guarded by the process it belongs to. */
final class NodeLog {

    /** A delivery: where, from whom, what. */
    record Delivered(String position, int sender, String guarantee, int bytes, int contentHash) {}

    /** A configuration, and how many deliveries came before it. */
    record Config(
            boolean regular,
            List<Integer> members,
            List<Integer> joined,
            List<Integer> left,
            boolean primary,
            List<JsonNode> causes,
            int after) {}

    final List<Delivered> delivered = new ArrayList<>();
    final List<Config> configs = new ArrayList<>();
    final Set<String> sent = new HashSet<>();
    final List<String> failed = new ArrayList<>();
    final List<JsonNode> errors = new ArrayList<>();
    final List<JsonNode> stats = new ArrayList<>();

    /** The changes of groups that it was told of. */
    final List<JsonNode> groups = new ArrayList<>();

    /** Answers about the members of groups. */
    final List<JsonNode> members = new ArrayList<>();

    /** Deliveries that came with headers. */
    final List<JsonNode> headed = new ArrayList<>();

    final List<JsonNode> rekeyed = new ArrayList<>();
    final List<JsonNode> memberships = new ArrayList<>();
    final List<Boolean> leases = new ArrayList<>();
    final List<String> kinds = new ArrayList<>();
    final int[] deliveredBySender = new int[64];
    boolean closed;

    /** The members of the last configuration if that is a regular one, else nobody. */
    List<Integer> ring() {
        if (configs.isEmpty() || !configs.get(configs.size() - 1).regular()) {
            return List.of();
        }
        return configs.get(configs.size() - 1).members();
    }

    /** Whether the last configuration may decide. */
    boolean isPrimary() {
        return !configs.isEmpty() && configs.get(configs.size() - 1).primary();
    }

    /** The nodes whose handles are in a group, as its last change has them. */
    List<Integer> nodesIn(String group) {
        List<Integer> nodes = List.of();
        for (JsonNode change : groups) {
            if (change.path("group").asText().equals(group)) {
                nodes = new ArrayList<>();
                for (JsonNode member : change.path("members")) {
                    nodes.add(member.path("node").asInt());
                }
            }
        }
        return nodes;
    }

    void add(JsonNode event) throws java.io.IOException {
        String kind = event.path("event").asText();
        if (kinds.size() < 16) {
            kinds.add(kind);
        }
        switch (kind) {
            case "config" ->
                configs.add(new Config(
                        event.path("kind").asText().equals("regular"),
                        ids(event.path("members")),
                        ids(event.path("joined")),
                        ids(event.path("left")),
                        event.path("primary").asBoolean(),
                        causes(event),
                        delivered.size()));
            case "deliver" -> {
                byte[] data = event.path("data").binaryValue();
                int sender = event.path("sender").asInt();
                deliveredBySender[sender % deliveredBySender.length]++;
                if (event.has("headers")) {
                    headed.add(event);
                }
                delivered.add(new Delivered(
                        event.path("ring").path("rep").asInt() + "."
                                + event.path("ring").path("seq").asLong() + "/"
                                + event.path("seq").asLong() + "/"
                                + event.path("index").asInt(),
                        sender,
                        event.path("guarantee").asText(),
                        data.length,
                        Arrays.hashCode(data)));
            }
            case "sent" -> sent.add(event.path("tag").asText());
            case "send-failed" -> failed.add(event.path("tag").asText());
            case "error" -> errors.add(event);
            case "rekeyed" -> rekeyed.add(event);
            case "stats" -> stats.add(event);
            case "group" -> groups.add(event);
            case "members" -> members.add(event);
            case "membership" -> memberships.add(event);
            case "lease" -> leases.add(event.path("held").asBoolean());
            default -> {
                // "ready"
            }
        }
    }

    private static List<JsonNode> causes(JsonNode event) {
        List<JsonNode> causes = new ArrayList<>();
        event.path("causes").forEach(causes::add);
        return causes;
    }

    private static List<Integer> ids(JsonNode array) {
        List<Integer> ids = new ArrayList<>();
        array.forEach(id -> ids.add(id.asInt()));
        return ids;
    }
}
