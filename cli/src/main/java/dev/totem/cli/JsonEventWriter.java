/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.totem.console.internal.JsonCauses;
import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.Membership;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.RingId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The events of {@code totem node --json}: one JSON object a line. */
final class JsonEventWriter implements EventWriter {

    private static final int BUFFER_BYTES = 1 << 16;

    private final JsonGenerator json;

    JsonEventWriter(OutputStream out) throws IOException {
        this.json = new JsonFactory().createGenerator(new BufferedOutputStream(out, BUFFER_BYTES));
        json.setRootValueSeparator(new SerializedString(""));
    }

    /** For the fields of further events, between {@link #line} and its end. */
    JsonGenerator json() {
        return json;
    }

    @Override
    public void ready(NodeId node, Quorum quorum, boolean isAttached) {
        line("ready", () -> {
            json.writeNumberField("node", node.value());
            if (isAttached) {
                json.writeBooleanField("attached", true);
            }
            if (!quorum.isNone()) {
                json.writeStringField("quorum", quorum.toString());
            }
        });
    }

    @Override
    public void event(EvsEvent event) {
        if (event instanceof Delivery delivery) {
            line("deliver", () -> delivery(delivery));
        } else if (event instanceof ConfigChange change) {
            line("config", () -> config(change));
        } else if (event instanceof GroupChange change) {
            line("group", () -> group(change));
        }
    }

    @Override
    public void sent(String tag, Position position) {
        line("sent", () -> {
            json.writeStringField("tag", tag);
            position(position);
        });
    }

    @Override
    public void sendFailed(String tag, Throwable reason) {
        line("send-failed", () -> {
            json.writeStringField("tag", tag);
            json.writeStringField("error", String.valueOf(reason.getMessage()));
        });
    }

    @Override
    public void rekeyed(Optional<String> tag, int key, Position position) {
        line("rekeyed", () -> {
            if (tag.isPresent()) {
                json.writeStringField("tag", tag.get());
            }
            json.writeNumberField("key", key);
            position(position);
        });
    }

    @Override
    public void error(Optional<String> tag, String what) {
        line("error", () -> {
            if (tag.isPresent()) {
                json.writeStringField("tag", tag.get());
            }
            json.writeStringField("error", what);
        });
    }

    @Override
    public void membership(Membership membership) {
        line("membership", () -> {
            json.writeNumberField("local", membership.local().value());
            nodes("members", membership.members());
            json.writeBooleanField("primary", membership.isPrimary());
        });
    }

    @Override
    public void lease(boolean isHeld, Duration remaining) {
        line("lease", () -> {
            json.writeBooleanField("held", isHeld);
            json.writeNumberField("millis", remaining.toMillis());
        });
    }

    @Override
    public void members(GroupName group, List<GroupMember> members) {
        line("members", () -> {
            json.writeStringField("group", group.value());
            members("members", members);
        });
    }

    @Override
    public void stats(NodeStats values) {
        line("stats", () -> {
            for (Map.Entry<String, Long> value : values.byName().entrySet()) {
                json.writeNumberField(value.getKey(), value.getValue());
            }
        });
    }

    @Override
    public void flush() {
        try {
            json.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private void delivery(Delivery delivery) throws IOException {
        json.writeNumberField("sender", delivery.sender().value());
        json.writeArrayFieldStart("groups");
        for (GroupName group : delivery.groups()) {
            json.writeString(group.value());
        }
        json.writeEndArray();
        json.writeStringField("guarantee", delivery.guarantee().name().toLowerCase(Locale.ROOT));
        position(delivery.position());
        if (!delivery.headers().isEmpty()) {
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> header : delivery.headers().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
        }
        json.writeBinaryField("data", delivery.payload());
    }

    void config(ConfigChange change) throws IOException {
        json.writeStringField("kind", change.isRegular() ? "regular" : "transitional");
        ring(change.ring());
        nodes("members", change.members());
        nodes("joined", change.joined());
        nodes("left", change.left());
        json.writeBooleanField("primary", change.isPrimary());
        new JsonCauses(json, false).write(change.causes());
    }

    private void group(GroupChange change) throws IOException {
        json.writeStringField("group", change.group().value());
        members("members", change.members());
        members("joined", change.joined());
        members("left", change.left());
        json.writeStringField(
                "reason", change.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        position(change.position());
    }

    /** The life has more digits than readers that know only doubles can tell apart. */
    private void members(String name, List<GroupMember> members) throws IOException {
        json.writeArrayFieldStart(name);
        for (GroupMember member : members) {
            json.writeStartObject();
            json.writeNumberField("node", member.id().node().value());
            json.writeNumberField("handle", member.id().handle());
            json.writeStringField("life", Long.toUnsignedString(member.id().life()));
            if (member.name().isPresent()) {
                json.writeStringField("name", member.name().get());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    void position(Position position) throws IOException {
        ring(position.ring());
        json.writeNumberField("seq", position.seq());
        json.writeNumberField("index", position.index());
    }

    private void ring(RingId ring) throws IOException {
        json.writeObjectFieldStart("ring");
        json.writeNumberField("rep", ring.representative().value());
        json.writeNumberField("seq", ring.seq());
        json.writeEndObject();
    }

    void nodes(String name, List<NodeId> nodes) throws IOException {
        json.writeArrayFieldStart(name);
        for (NodeId node : nodes) {
            json.writeNumber(node.value());
        }
        json.writeEndArray();
    }

    void line(String event, Fields fields) {
        try {
            json.writeStartObject();
            json.writeStringField("event", event);
            fields.write();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    interface Fields {
        void write() throws IOException;
    }
}
