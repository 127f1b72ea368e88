/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A line of a node's black box. Immutable, any thread. Its kinds and fields may change at any time: what is not known is
 * shown as it stands there.
 *
 * @param change the configuration, if it is one
 */
record BoxLine(long millis, String text, Optional<Change> change) {

    private static final Pattern SETS = Pattern.compile("(.*), proc (\\[.*]) fail (\\[.*])");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The lines that are JSON objects, in their order. */
    static List<BoxLine> of(List<String> lines) {
        return lines.stream().flatMap(line -> of(line).stream()).toList();
    }

    private static Optional<BoxLine> of(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            return event.isObject()
                    ? Optional.of(new BoxLine(event.path("millis").asLong(), words(event), change(event)))
                    : Optional.empty();
        } catch (JacksonException cut) {
            return Optional.empty();
        }
    }

    private static String words(JsonNode event) {
        String kind = NodeStatus.text(event, "event");
        return switch (kind) {
            case "phase" -> phase(NodeStatus.text(event, "phase"), NodeStatus.text(event, "why"));
            case "timer" -> timer(NodeStatus.text(event, "timer"));
            case "join" ->
                "node " + NodeStatus.text(event, "from") + " proposes " + NodeStatus.text(event, "proc")
                        + (NodeStatus.text(event, "fail").equals("[]")
                                ? ""
                                : " without " + NodeStatus.text(event, "fail"));
            case "slept" ->
                "nothing ran for " + NodeStatus.text(event, "asleep") + " ms"
                        + (event.path("lease-over").asBoolean() ? ", longer than the lease" : "");
            case "twin" -> "another live process has the id of this node";
            case "dropped" -> "messages not used: " + counts(event);
            case "refused" -> "frames not opened: " + counts(event);
            case "timers" -> "timers: " + counts(event);
            case "held-back" -> "held the ring back " + NodeStatus.text(event, "times") + " times";
            case "stopped" -> "the node stopped itself: " + NodeStatus.text(event, "error");
            default -> kind + ": " + counts(event);
        };
    }

    private static String phase(String phase, String why) {
        String reason = why.replace('_', ' ');
        return switch (phase) {
            case "gather" -> "looks for a ring: " + search(reason);
            case "commit" -> "all agree on " + reason;
            case "recovery" -> "exchanges what is missing for " + reason;
            case "operational" -> "takes part in " + reason;
            case "stopped" -> "has ended";
            default -> phase + ": " + reason;
        };
    }

    /** {@code TOKEN LOST IN GATHER, proc [1, 2] fail [2]} in words. */
    private static String search(String reason) {
        Matcher sets = SETS.matcher(reason);
        if (!sets.matches()) {
            return reason;
        }
        return sets.group(1).toLowerCase(Locale.ROOT) + "; of nodes " + sets.group(2)
                + (sets.group(3).equals("[]") ? "" : ", without " + sets.group(3));
    }

    private static String timer(String timer) {
        return switch (timer) {
            case "token-loss" -> "no token came for a token timeout";
            case "consensus" -> "no agreement within the consensus timeout: who is silent is given up";
            default -> "timer " + timer;
        };
    }

    private static String counts(JsonNode event) {
        return event.properties().stream()
                .filter(field ->
                        !field.getKey().equals("millis") && !field.getKey().equals("event"))
                .map(field -> Plain.line(field.getKey() + " " + field.getValue().asText()))
                .collect(Collectors.joining(", "));
    }

    private static Optional<Change> change(JsonNode event) {
        if (!event.path("event").asText().equals("config")) {
            return Optional.empty();
        }
        String ring = event.path("ring").asText();
        if (!ring.matches("\\d{1,9}\\.\\d{1,18}")) {
            return Optional.empty();
        }
        String causes = unbracketed(NodeStatus.text(event, "causes"));
        return Optional.of(new Change(
                event.path("millis").asLong(),
                event.path("kind").asText().equals("regular"),
                ring,
                nodes(event, "members"),
                nodes(event, "joined"),
                nodes(event, "left"),
                event.path("primary").asBoolean(true),
                causes.isEmpty() ? List.of() : List.of(new Change.Cause("", 0, causes))));
    }

    private static List<Integer> nodes(JsonNode event, String name) {
        List<Integer> nodes = new ArrayList<>();
        Stream.of(unbracketed(event.path(name).asText()).split(",", -1))
                .map(String::strip)
                .filter(word -> word.matches("\\d{1,9}"))
                .forEach(word -> nodes.add(Integer.valueOf(word)));
        return List.copyOf(nodes);
    }

    private static String unbracketed(String list) {
        return list.startsWith("[") && list.endsWith("]") ? list.substring(1, list.length() - 1) : list;
    }
}
