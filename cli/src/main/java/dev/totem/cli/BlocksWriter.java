/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.blocks.Leadership;
import dev.totem.blocks.MapEntry;
import dev.totem.blocks.MapSnapshot;
import dev.totem.blocks.Reply;
import dev.totem.blocks.WorkItem;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.Membership;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The events of {@code totem blocks --json}: one JSON object a line. Lane only. */
final class BlocksWriter {

    private final JsonEventWriter out;

    BlocksWriter(JsonEventWriter out) {
        this.out = out;
    }

    void ready(NodeId node, Quorum quorum, boolean isAttached) {
        out.ready(node, quorum, isAttached);
    }

    void event(EvsEvent event) {
        if (!(event instanceof Delivery)) {
            out.event(event);
        }
    }

    void inState() {
        out.line("in-state", () -> {});
    }

    void transfer(Optional<NodeId> from, long bytes) {
        out.line("transfer", () -> {
            if (from.isPresent()) {
                out.json().writeNumberField("from", from.get().value());
            }
            out.json().writeNumberField("bytes", bytes);
        });
    }

    void done(Optional<String> tag, Optional<Position> position) {
        out.line("done", () -> {
            tag(tag);
            position(position);
        });
    }

    void done(Optional<String> tag, Position position, boolean isApplied) {
        out.line("done", () -> {
            tag(tag);
            position(Optional.of(position));
            out.json().writeBooleanField("applied", isApplied);
        });
    }

    void value(Optional<String> tag, Optional<String> value) {
        out.line("value", () -> {
            tag(tag);
            if (value.isPresent()) {
                out.json().writeStringField("value", value.get());
            } else {
                out.json().writeNullField("value");
            }
        });
    }

    void number(Optional<String> tag, long value) {
        out.line("value", () -> {
            tag(tag);
            out.json().writeNumberField("value", value);
        });
    }

    void granted(Optional<String> tag, String lock, String token) {
        out.line("granted", () -> {
            tag(tag);
            out.json().writeStringField("name", lock);
            out.json().writeStringField("token", token);
        });
    }

    void lockLost(String lock, String token, String why) {
        out.line("lock-lost", () -> {
            out.json().writeStringField("name", lock);
            out.json().writeStringField("token", token);
            out.json().writeStringField("why", why);
        });
    }

    void leader(Leadership now) {
        out.line("leader", () -> {
            out.json().writeStringField("name", now.election());
            if (now.leader().isPresent()) {
                out.json().writeNumberField("node", now.leader().get().value());
                out.json().writeStringField("term", now.token().orElse(""));
            } else {
                out.json().writeNullField("node");
            }
            out.json().writeBooleanField("own", now.isOwn());
        });
    }

    void item(WorkItem<String> item) {
        out.line("item", () -> {
            out.json().writeStringField("queue", item.queue());
            out.json().writeStringField("item", item.id());
            out.json().writeStringField("value", item.value());
            out.json().writeNumberField("attempt", item.attempt());
        });
    }

    void reply(Optional<String> tag, Reply reply) {
        out.line("reply", () -> {
            tag(tag);
            out.json().writeNumberField("node", reply.from().node().value());
            out.json().writeBinaryField("data", reply.data().orElse(new byte[0]));
        });
    }

    void asked(Optional<String> tag, List<NodeId> missing) {
        out.line("asked", () -> {
            tag(tag);
            out.nodes("missing", missing);
        });
    }

    void state(Optional<String> tag, MapSnapshot<String, String> state) {
        out.line("state", () -> {
            tag(tag);
            if (state.position().isEmpty()) {
                out.json().writeNullField("position");
            }
            position(state.position());
            out.json().writeStringField("hash", state.hash());
            out.json().writeObjectFieldStart("map");
            for (MapEntry<String, String> entry : state.entries()) {
                out.json().writeStringField(entry.key(), entry.value());
            }
            out.json().writeEndObject();
        });
    }

    void failed(Optional<String> tag, SendFailedException.Fate fate, String error) {
        out.line("failed", () -> {
            tag(tag);
            out.json().writeStringField("fate", fate.name().toLowerCase(Locale.ROOT));
            out.json().writeStringField("error", error);
        });
    }

    void membership(Membership membership) {
        out.membership(membership);
    }

    void stats(NodeStats values) {
        out.stats(values);
    }

    void flush() {
        out.flush();
    }

    private void tag(Optional<String> tag) throws IOException {
        if (tag.isPresent()) {
            out.json().writeStringField("tag", tag.get());
        }
    }

    private void position(Optional<Position> position) throws IOException {
        if (position.isPresent()) {
            out.json().writeObjectFieldStart("position");
            out.position(position.get());
            out.json().writeEndObject();
        }
    }
}
