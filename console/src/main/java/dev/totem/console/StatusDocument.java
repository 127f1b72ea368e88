/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.totem.console.internal.JsonCauses;
import dev.totem.core.ConfigChange;
import dev.totem.core.GroupName;
import dev.totem.core.Membership;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.RingProgress;
import dev.totem.core.TotemNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** How a node is now, as one line of JSON; {@code docs/OPERATION.md} lists the fields. Any thread. */
final class StatusDocument {

    /** Of more, the statistic {@code groups} tells how many there are. */
    static final int GROUPS_MAX = 100;

    private static final JsonFactory FACTORY = new JsonFactory();

    private final TotemNode node;
    private final SeenChanges changes;
    private final LongSupplier epochMillis;
    private final Blocks blocks;
    private final Asked<RingProgress> progress;
    private final Asked<SortedMap<GroupName, Integer>> groups;

    StatusDocument(TotemNode node, SeenChanges changes, LongSupplier epochMillis) {
        this(node, changes, epochMillis, Blocks.NONE);
    }

    StatusDocument(TotemNode node, SeenChanges changes, LongSupplier epochMillis, Blocks blocks) {
        this.node = node;
        this.changes = changes;
        this.epochMillis = epochMillis;
        this.blocks = blocks;
        this.progress = new Asked<>(node.progress());
        this.groups = new Asked<>(node.groups(GROUPS_MAX));
    }

    /** As of now, in UTF-8. Cold. */
    Mono<byte[]> render() {
        return Mono.zip(progress.now(), groups.now(), this::render);
    }

    private byte[] render(Optional<RingProgress> asked, Optional<SortedMap<GroupName, Integer>> named) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4_096);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            write(json, asked, named);
        } catch (IOException neverInMemory) {
            throw new UncheckedIOException(neverInMemory);
        }
        return bytes.toByteArray();
    }

    /** The version of this build. */
    static String version() {
        String version = TotemConsole.class.getPackage().getImplementationVersion();
        return version == null ? "not packaged" : version;
    }

    private void write(
            JsonGenerator json, Optional<RingProgress> asked, Optional<SortedMap<GroupName, Integer>> named)
            throws IOException {
        json.writeStartObject();
        json.writeNumberField("node", node.id().value());
        json.writeStringField("cluster", node.cluster());
        json.writeNumberField("millis", epochMillis.getAsLong());
        json.writeStringField("version", version());
        health(json, node.health());
        membership(json, node.membership());
        Duration lease = node.lease().remaining();
        json.writeObjectFieldStart("lease");
        json.writeBooleanField("held", node.lease().isHeld());
        json.writeNumberField("millis", lease.toMillis());
        json.writeEndObject();
        if (asked.isPresent()) {
            progress(json, asked.get());
        }
        if (named.isPresent()) {
            groups(json, named.get());
        }
        blocks.write(json);
        json.writeArrayFieldStart("changes");
        for (SeenChanges.Seen seen : changes.list()) {
            change(json, seen);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("stats");
        for (Map.Entry<String, Long> value : NodeNumbers.of(node).entrySet()) {
            json.writeNumberField(value.getKey(), value.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void health(JsonGenerator json, NodeHealth health) throws IOException {
        json.writeObjectFieldStart("health");
        json.writeBooleanField("live", health.isLive());
        json.writeBooleanField("ready", health.isReady());
        json.writeArrayFieldStart("reasons");
        for (NodeHealth.Reason reason : health.reasons()) {
            json.writeStartObject();
            json.writeStringField("code", reason.code().name());
            json.writeStringField("weight", reason.code().weight().name().toLowerCase(Locale.ROOT));
            json.writeStringField("text", reason.text());
            json.writeStringField("remedy", reason.code().remedy());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void membership(JsonGenerator json, Membership membership) throws IOException {
        json.writeObjectFieldStart("membership");
        ring(json, membership.ring());
        nodes(json, "members", membership.members());
        json.writeBooleanField("primary", membership.isPrimary());
        json.writeEndObject();
    }

    private static void progress(JsonGenerator json, RingProgress progress) throws IOException {
        json.writeObjectFieldStart("progress");
        ring(json, progress.ring());
        json.writeNumberField("highest", progress.highest());
        json.writeNumberField("received", progress.received());
        json.writeNumberField("safe", progress.safe());
        json.writeNumberField("delivered", progress.delivered());
        json.writeArrayFieldStart("sent");
        for (Map.Entry<NodeId, Long> sender : progress.sent().entrySet()) {
            json.writeStartObject();
            json.writeNumberField("node", sender.getKey().value());
            json.writeNumberField("seq", sender.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void groups(JsonGenerator json, SortedMap<GroupName, Integer> groups) throws IOException {
        json.writeObjectFieldStart("groups");
        for (Map.Entry<GroupName, Integer> group : groups.entrySet()) {
            json.writeNumberField(group.getKey().value(), group.getValue());
        }
        json.writeEndObject();
    }

    private static void change(JsonGenerator json, SeenChanges.Seen seen) throws IOException {
        ConfigChange change = seen.change();
        json.writeStartObject();
        json.writeNumberField("millis", seen.millis());
        json.writeStringField("kind", change.isRegular() ? "regular" : "transitional");
        ring(json, change.ring());
        nodes(json, "members", change.members());
        nodes(json, "joined", change.joined());
        nodes(json, "left", change.left());
        json.writeBooleanField("primary", change.isPrimary());
        new JsonCauses(json, true).write(change.causes());
        json.writeEndObject();
    }

    private static void ring(JsonGenerator json, RingId ring) throws IOException {
        json.writeObjectFieldStart("ring");
        json.writeNumberField("rep", ring.representative().value());
        json.writeNumberField("seq", ring.seq());
        json.writeEndObject();
    }

    private static void nodes(JsonGenerator json, String name, List<NodeId> nodes) throws IOException {
        json.writeArrayFieldStart(name);
        for (NodeId node : nodes) {
            json.writeNumber(node.value());
        }
        json.writeEndArray();
    }
}
