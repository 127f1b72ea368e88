/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.MapChange.Kind;
import dev.totem.blocks.internal.Bytes;
import dev.totem.blocks.internal.Chunks;
import dev.totem.blocks.internal.Reader;
import dev.totem.blocks.internal.Writer;
import dev.totem.core.Position;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The state of a map: keys and values as bytes, so that it does not depend on what they stand for. One thread. */
final class MapMachine implements StateMachine<MapCommand, MapMachine.Result> {

    private final TreeMap<Bytes, Held> entries = new TreeMap<>();
    private final TreeSet<Expiry> expiries = new TreeSet<>();
    private final Chunks restored = new Chunks();
    private List<Change> changes = new ArrayList<>();
    private @Nullable Position at;
    private boolean hasHead;

    /** @param expiresAt in milliseconds of ordered time, 0 never */
    record Held(byte[] value, Position version, long expiresAt) {}

    record Result(boolean isApplied, Position position, Optional<Held> before) {}

    record Change(Kind kind, Bytes key, Optional<byte[]> value, Position position) {}

    private record Expiry(long expiresAt, Bytes key) implements Comparable<Expiry> {
        @Override
        public int compareTo(Expiry other) {
            int byTime = Long.compare(expiresAt, other.expiresAt);
            return byTime != 0 ? byTime : key.compareTo(other.key);
        }
    }

    @Override
    public Result apply(Context context, MapCommand command) {
        begin(context);
        Optional<Held> before = command.items().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(entries.get(command.items().get(0).key()));
        boolean holds = holds(command.condition(), before);
        if (holds) {
            long now = Math.max(context.time().toEpochMilli(), command.clockMillis());
            long expiresAt = command.ttlMillis() == 0 ? 0 : now + command.ttlMillis();
            for (MapCommand.Item item : command.items()) {
                change(context.position(), item, expiresAt);
            }
        }
        return new Result(holds, context.position(), before);
    }

    @Override
    public byte[] evidence(Result result) {
        Writer out = new Writer().bool(result.isApplied()).i32(entries.size());
        result.before()
                .ifPresent(
                        held -> out.bytes(held.value()).position(held.version()).i64(held.expiresAt()));
        return out.toBytes();
    }

    private static boolean holds(MapCommand.Condition condition, Optional<Held> before) {
        if (condition instanceof MapCommand.Absent) {
            return before.isEmpty();
        } else if (condition instanceof MapCommand.HasVersion version) {
            return before.filter(held -> held.version().equals(version.version()))
                    .isPresent();
        } else if (condition instanceof MapCommand.HasValue value) {
            return before.filter(
                            held -> Arrays.equals(held.value(), value.value().array()))
                    .isPresent();
        }
        return true;
    }

    private void change(Position position, MapCommand.Item item, long expiresAt) {
        Bytes key = item.key();
        if (item.value().isPresent()) {
            hold(key, new Held(item.value().get(), position, expiresAt));
            changes.add(new Change(Kind.PUT, key, item.value(), position));
        } else if (entries.containsKey(key)) {
            drop(key);
            changes.add(new Change(Kind.REMOVED, key, Optional.empty(), position));
        }
    }

    private void hold(Bytes key, Held held) {
        drop(key);
        entries.put(key, held);
        if (held.expiresAt() != 0) {
            expiries.add(new Expiry(held.expiresAt(), key));
        }
    }

    private void drop(Bytes key) {
        Held held = entries.remove(key);
        if (held != null && held.expiresAt() != 0) {
            expiries.remove(new Expiry(held.expiresAt(), key));
        }
    }

    /** What is over goes first. */
    private void begin(Context context) {
        at = context.position();
        while (!expiries.isEmpty()
                && expiries.first().expiresAt() <= context.time().toEpochMilli()) {
            Bytes key = expiries.first().key();
            drop(key);
            changes.add(new Change(Kind.EXPIRED, key, Optional.empty(), context.position()));
        }
    }

    @Override
    public void timePassed(Context context) {
        begin(context);
    }

    @Override
    public void joined(Context context, Member member) {
        begin(context);
    }

    @Override
    public void ended(Context context, Member member) {
        begin(context);
    }

    // what is looked at

    Optional<Held> get(Bytes key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** A copy, in the order of the keys' bytes. */
    SortedMap<Bytes, Held> entries() {
        return new TreeMap<>(entries);
    }

    int size() {
        return entries.size();
    }

    /** Where the last thing happened that this state has in it. */
    Optional<Position> at() {
        return Optional.ofNullable(at);
    }

    /** What has changed since this was asked last. */
    List<Change> takeChanges() {
        List<Change> taken = changes;
        changes = new ArrayList<>();
        return taken;
    }

    /** The first 16 bytes of the SHA-256 of all entries. */
    String digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            entries.forEach((key, held) -> sha.update(encoded(key, held)));
            return HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has it", impossible);
        }
    }

    // transfer

    private static byte[] encoded(Bytes key, Held held) {
        return new Writer()
                .bytes(key.array())
                .bytes(held.value())
                .position(held.version())
                .i64(held.expiresAt())
                .toBytes();
    }

    @Override
    public Flux<byte[]> snapshot() {
        Writer head = new Writer().bool(at != null);
        if (at != null) {
            head.position(at);
        }
        List<Map.Entry<Bytes, Held>> all = List.copyOf(entries().entrySet());
        Flux<byte[]> first = Chunks.of(List.of(head.toBytes()));
        return first.concatWith(Chunks.of(() -> all.stream()
                .map(entry -> encoded(entry.getKey(), entry.getValue()))
                .iterator()));
    }

    @Override
    public void restore(byte[] chunk) {
        for (byte[] bytes : restored.add(chunk)) {
            Reader in = new Reader(bytes);
            if (hasHead) {
                hold(Bytes.of(in.bytes()), new Held(in.bytes(), in.position(), in.i64()));
            } else {
                hasHead = true;
                at = in.bool() ? in.position() : null;
            }
        }
    }
}
