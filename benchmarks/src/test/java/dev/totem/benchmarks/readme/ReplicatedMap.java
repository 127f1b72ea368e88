/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A map with a copy at every node, which goes on in every part of a partitioned network and agrees again after a merge. */
final class ReplicatedMap {

    private final EvsHandle handle;
    private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

    /** A value and its place in the order. */
    record Entry(String value, Position position) {}

    ReplicatedMap(EvsHandle handle) {
        this.handle = handle;
    }

    String get(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    int size() {
        return entries.size();
    }

    // example:map
    /** Completes when the value is in the map of this node, and in its place of the order at all others that run. */
    Mono<Position> put(String key, String value) {
        return handle.send(Message.to("map").payload(encode(key, value, null)));
    }

    /** Follows the order until the node ends, and asks what was put before. It runs from the first position on. */
    Flux<Position> run() {
        Mono<Position> question = handle.send(Message.to("map"));
        Flux<Position> answers = handle.events()
                .doOnNext(this::apply)
                .filter(ReplicatedMap::isSomebodyNew)
                .switchMap(event -> handle.sendAll(everything()));
        return handle.join("map").thenMany(answers.mergeWith(question));
    }

    /** A node comes from another part, or a map begins to run in this one. */
    private static boolean isSomebodyNew(EvsEvent event) {
        return event instanceof ConfigChange change
                ? !change.joined().isEmpty()
                : event instanceof Delivery message && isQuestion(message);
    }

    private static boolean isQuestion(Delivery message) {
        return message.payloadBytes() == 0;
    }

    /** All tell all, and the later position wins everywhere. */
    private Flux<Message> everything() {
        return Flux.fromIterable(entries.entrySet()).map(entry -> {
            Entry known = entry.getValue();
            return Message.to("map").payload(encode(entry.getKey(), known.value(), known.position()));
        });
    }

    private void apply(EvsEvent event) {
        if (event instanceof Delivery message && !isQuestion(message)) {
            Decoded put = decode(message);
            entries.merge(put.key(), put.entry(), ReplicatedMap::later);
        }
    }

    private static Entry later(Entry one, Entry other) {
        return one.position().compareTo(other.position()) < 0 ? other : one;
    }
    // example:end

    private record Decoded(String key, Entry entry) {}

    private static byte[] encode(String key, String value, Position position) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(key);
            out.writeUTF(value);
            out.writeBoolean(position != null);
            if (position != null) {
                out.writeInt(position.ring().representative().value());
                out.writeLong(position.ring().seq());
                out.writeLong(position.seq());
                out.writeInt(position.index());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A put of its own has the position of its message. */
    private static Decoded decode(Delivery message) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(message.payload()))) {
            String key = in.readUTF();
            String value = in.readUTF();
            Position position = in.readBoolean()
                    ? new Position(new RingId(NodeId.of(in.readInt()), in.readLong()), in.readLong(), in.readInt())
                    : message.position();
            return new Decoded(key, new Entry(value, position));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
