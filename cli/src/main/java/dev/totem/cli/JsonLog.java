/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.cli.InputLines.Line;
import dev.totem.core.ConfigChange;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.check.MessageId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the output of {@code totem node --json}, one file a process life, for the checker. One thread. */
final class JsonLog {

    private static final int LINE_BYTES_MAX = 1 << 28;

    private final ObjectMapper mapper = new ObjectMapper();
    private final Path file;
    private final List<LogEvent> events = new ArrayList<>();

    /** The process's own messages by position, for the {@code sent} lines that follow them. */
    private final Map<Position, MessageId> own = new HashMap<>();

    private final List<EvsLog> ended = new ArrayList<>();
    private int node;
    private boolean hasQuorum;
    private boolean isAttached;

    private JsonLog(Path file) {
        this.file = file;
    }

    /** @throws IOException one line: the file cannot be read, or the number of a line and what is wrong with it */
    static JsonLogs read(List<Path> files) throws IOException {
        List<EvsLog> nodes = new ArrayList<>();
        List<EvsLog> clients = new ArrayList<>();
        for (Path file : files) {
            JsonLog log = new JsonLog(file);
            List<EvsLog> lives = log.lives();
            (log.isAttached ? clients : nodes).addAll(lives);
        }
        return JsonLogs.of(nodes, clients);
    }

    private List<EvsLog> lives() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            InputLines lines = new InputLines(in, LINE_BYTES_MAX);
            int number = 0;
            for (Optional<Line> line = lines.read(); line.isPresent(); line = lines.read()) {
                number++;
                if (!add(line.get(), number)) {
                    break;
                }
            }
        } catch (NoSuchFileException missing) {
            throw new IOException(file + ": no such file", missing);
        }
        if (node == 0) {
            throw new IOException(file + ": no \"ready\" line, so this is not the output of totem node --json");
        }
        endLife();
        return ended;
    }

    /** A client that has lost its place says that it is ready again: what follows is seen from another. */
    private void endLife() {
        if (node != 0) {
            ended.add(new EvsLog(NodeId.of(node), 0, events));
            events.clear();
            own.clear();
        }
    }

    private void ready(JsonNode event) {
        endLife();
        node = required(event, "node").asInt();
        hasQuorum = event.has("quorum");
        isAttached |= event.path("attached").asBoolean();
    }

    /** Whether more can follow: a process that was killed leaves half a line at the end. */
    private boolean add(Line line, int number) throws IOException {
        try {
            JsonNode event = mapper.readTree(line.bytes());
            switch (event.path("event").asText()) {
                case "ready" -> ready(event);
                case "config" -> events.add(config(event));
                case "group" -> events.add(group(event));
                case "deliver" -> {
                    // What is addressed to members leaves holes in the logs of others.
                    if (!event.path("groups").isEmpty()) {
                        events.add(deliver(event));
                    }
                }
                case "sent" -> sent(event);
                case "send-failed", "error", "lease", "membership", "members", "rekeyed", "stats" -> {}
                default -> throw new IllegalArgumentException("not an event of totem node --json");
            }
            return true;
        } catch (JsonProcessingException | IllegalArgumentException bad) {
            if (!line.finished()) {
                return false;
            }
            String what = bad instanceof JsonProcessingException ? "not JSON" : bad.getMessage();
            throw new IOException(file + ", line " + number + ": " + what, bad);
        }
    }

    private LogEvent config(JsonNode event) {
        boolean regular = required(event, "kind").asText().equals("regular");
        RingId ring = ring(event);
        return new LogEvent.Conf(
                regular ? ConfigChange.Kind.REGULAR : ConfigChange.Kind.TRANSITIONAL,
                ring,
                regular ? Optional.of(ring) : Optional.empty(),
                nodes(event, "members"),
                nodes(event, "joined"),
                nodes(event, "left"),
                hasQuorum ? Optional.of(required(event, "primary").asBoolean()) : Optional.empty());
    }

    private LogEvent deliver(JsonNode event) throws IOException {
        NodeId sender = NodeId.of(required(event, "sender").asInt());
        Position position = position(event);
        MessageId mid =
                MessageId.ofContent(sender, position, required(event, "data").binaryValue());
        if (sender.value() == node) {
            own.put(position, mid);
        }
        Guarantee guarantee =
                Guarantee.valueOf(required(event, "guarantee").asText().toUpperCase(Locale.ROOT));
        List<GroupName> groups = new ArrayList<>();
        event.path("groups").forEach(name -> groups.add(GroupName.of(name.asText())));
        return new LogEvent.Deliver(mid, sender, guarantee, position, groups);
    }

    private static LogEvent group(JsonNode event) {
        return new LogEvent.Group(
                GroupName.of(required(event, "group").asText()),
                members(event, "members"),
                members(event, "joined"),
                members(event, "left"),
                required(event, "reason").asText().equals("closed"),
                position(event));
    }

    private static List<MemberId> members(JsonNode event, String name) {
        List<MemberId> members = new ArrayList<>();
        for (JsonNode member : required(event, name)) {
            members.add(new MemberId(
                    NodeId.of(required(member, "node").asInt()),
                    Long.parseUnsignedLong(member.path("life").asText("0")),
                    required(member, "handle").asInt()));
        }
        return members;
    }

    /** A message that was not for this node's groups has no delivery here and says nothing about the order. */
    private void sent(JsonNode event) {
        Position position = position(event);
        MessageId mid = own.remove(position);
        if (mid != null) {
            events.add(new LogEvent.Sent(mid, position));
        }
    }

    private static Position position(JsonNode event) {
        return new Position(
                ring(event),
                required(event, "seq").asLong(),
                required(event, "index").asInt());
    }

    private static RingId ring(JsonNode event) {
        JsonNode ring = required(event, "ring");
        return new RingId(
                NodeId.of(required(ring, "rep").asInt()), required(ring, "seq").asLong());
    }

    private static List<NodeId> nodes(JsonNode event, String name) {
        List<NodeId> nodes = new ArrayList<>();
        required(event, name).forEach(id -> nodes.add(NodeId.of(id.asInt())));
        return nodes;
    }

    private static JsonNode required(JsonNode event, String name) {
        JsonNode value = event.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field \"" + name + "\"");
        }
        return value;
    }
}
