/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.core.NodeHealth;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a node says of itself at a moment: the document of {@code /status}. Fields that a later version adds are left alone, and
 * what only some versions have may be missing. Immutable, any thread.
 *
 * @param millis when, by the wall clock of the node
 * @param ring {@code REP.SEQ}
 * @param changes oldest first
 * @param stats counters and gauges by name
 * @param groups how many members each has; empty where the document does not tell
 * @param peers members first; empty where the document does not tell
 */
record NodeStatus(
        int node,
        String cluster,
        long millis,
        String version,
        Health health,
        Ring ring,
        Optional<Lease> lease,
        List<Change> changes,
        SortedMap<String, Long> stats,
        SortedMap<String, Integer> groups,
        List<KnownPeer> peers) {

    private static final ObjectMapper JSON = new ObjectMapper();

    record Health(boolean isLive, boolean isReady, List<Reason> reasons) {

        /** {@code ready}, {@code not ready} or {@code not live}. */
        String word() {
            return isReady ? "ready" : isLive ? "not ready" : "not live";
        }
    }

    /** @param remedy empty if nothing is known */
    record Reason(String code, String text, String remedy) {

        /** {@code not-primary: what happened} */
        String line() {
            return code + ": " + text;
        }
    }

    record Ring(String id, List<Integer> members, boolean isPrimary) {}

    record Lease(boolean isHeld, Duration remaining) {}

    NodeStatus {
        changes = List.copyOf(changes);
        peers = List.copyOf(peers);
        stats = Collections.unmodifiableSortedMap(new TreeMap<>(stats));
        groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
    }

    /**
     * Reads a document.
     *
     * @param source who said it, for the message
     * @throws IOException one line: it is not such a document, and why
     */
    static NodeStatus read(String source, byte[] document) throws IOException {
        try {
            return of(JSON.readTree(document));
        } catch (JacksonException notJson) {
            throw new IOException(source + ": /status is not JSON; is this the HTTP address of a node?", notJson);
        } catch (IllegalArgumentException missing) {
            throw new IOException(
                    source + ": /status has " + missing.getMessage() + "; is this the HTTP address of a node?",
                    missing);
        }
    }

    /** The same document without line breaks. */
    static String oneLine(byte[] document) throws IOException {
        return JSON.readTree(document).toString();
    }

    private static NodeStatus of(JsonNode document) {
        JsonNode health = required(document, "health");
        JsonNode membership = required(document, "membership");
        List<Change> changes = new ArrayList<>();
        document.path("changes").forEach(change -> changes.add(Change.of(change)));
        List<KnownPeer> peers = new ArrayList<>();
        document.path("peers").forEach(peer -> peers.add(KnownPeer.of(peer)));
        SortedMap<String, Long> stats = new TreeMap<>();
        for (Map.Entry<String, JsonNode> value : document.path("stats").properties()) {
            if (value.getValue().isNumber()) {
                stats.put(Plain.line(value.getKey()), value.getValue().longValue());
            }
        }
        return new NodeStatus(
                required(document, "node").asInt(),
                text(document, "cluster"),
                document.path("millis").asLong(),
                text(document, "version"),
                new Health(
                        required(health, "live").asBoolean(),
                        required(health, "ready").asBoolean(),
                        reasons(health.path("reasons"))),
                new Ring(
                        ring(required(membership, "ring")),
                        nodes(required(membership, "members")),
                        membership.path("primary").asBoolean(true)),
                lease(document),
                changes,
                stats,
                groups(document.path("groups")),
                peers);
    }

    private static Optional<Lease> lease(JsonNode document) {
        return Optional.ofNullable(document.get("lease"))
                .map(lease -> new Lease(
                        lease.path("held").asBoolean(),
                        Duration.ofMillis(lease.path("millis").asLong())));
    }

    private static List<Reason> reasons(JsonNode array) {
        List<Reason> reasons = new ArrayList<>();
        for (JsonNode reason : array) {
            String name = text(reason, "code");
            String remedy = reason.has("remedy") ? text(reason, "remedy") : remedy(name);
            reasons.add(new Reason(name.toLowerCase(Locale.ROOT).replace('_', '-'), text(reason, "text"), remedy));
        }
        return List.copyOf(reasons);
    }

    private static String remedy(String code) {
        try {
            return NodeHealth.Code.valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'))
                    .remedy();
        } catch (IllegalArgumentException ofALaterVersion) {
            return "";
        }
    }

    /** As a list of objects with a name and members, or as an object of lists. */
    private static SortedMap<String, Integer> groups(JsonNode groups) {
        SortedMap<String, Integer> sizes = new TreeMap<>();
        if (groups.isObject()) {
            groups.properties().forEach(group -> sizes.put(Plain.line(group.getKey()), size(group.getValue())));
        }
        for (JsonNode group : groups.isArray() ? groups : JSON.createArrayNode()) {
            String name = group.isTextual()
                    ? group.asText()
                    : group.path("group").asText(group.path("name").asText());
            sizes.put(Plain.line(name), size(group.path("members")));
        }
        return sizes;
    }

    private static int size(JsonNode members) {
        return members.isNumber() ? members.asInt() : members.size();
    }

    static String ring(JsonNode ring) {
        return required(ring, "rep").asInt() + "." + required(ring, "seq").asLong();
    }

    static List<Integer> nodes(JsonNode array) {
        List<Integer> nodes = new ArrayList<>();
        array.forEach(node -> nodes.add(node.asInt()));
        return List.copyOf(nodes);
    }

    static String text(JsonNode object, String name) {
        return Plain.line(object.path(name).asText());
    }

    /** @throws IllegalArgumentException if there is none */
    static JsonNode required(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field \"" + name + "\"");
        }
        return value;
    }
}
