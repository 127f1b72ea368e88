/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Bytes;
import dev.totem.blocks.internal.Commands;
import dev.totem.blocks.internal.Reader;
import dev.totem.blocks.internal.Writer;
import dev.totem.core.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A change of a map: all items, if the condition holds for the first of them. Immutable.
 *
 * @param clockMillis the sender's clock, from which a time to live runs: ordered time may be behind it
 * @param ttlMillis how long the values live, 0 for ever
 */
record MapCommand(Condition condition, List<Item> items, long clockMillis, long ttlMillis) {

    private static final int ALWAYS = 0;
    private static final int ABSENT = 1;
    private static final int VERSION = 2;
    private static final int VALUE = 3;

    static final Codec<MapCommand> CODEC = Commands.codec(MapCommand::write, MapCommand::read);

    /** @param value what the key is to have; empty to remove it */
    record Item(Bytes key, Optional<byte[]> value) {}

    /** What must be so. */
    sealed interface Condition {}

    record Always() implements Condition {}

    record Absent() implements Condition {}

    record HasVersion(Position version) implements Condition {}

    record HasValue(Bytes value) implements Condition {}

    private static void write(Writer out, MapCommand command) {
        if (command.condition instanceof Always) {
            out.u8(ALWAYS);
        } else if (command.condition instanceof Absent) {
            out.u8(ABSENT);
        } else if (command.condition instanceof HasVersion version) {
            out.u8(VERSION).position(version.version());
        } else if (command.condition instanceof HasValue value) {
            out.u8(VALUE).bytes(value.value().array());
        }
        out.i64(command.clockMillis).i64(command.ttlMillis).i32(command.items.size());
        for (Item item : command.items) {
            out.bytes(item.key().array()).bool(item.value().isPresent());
            item.value().ifPresent(out::bytes);
        }
    }

    private static MapCommand read(Reader in) {
        int kind = in.u8();
        Condition condition = switch (kind) {
            case ALWAYS -> new Always();
            case ABSENT -> new Absent();
            case VERSION -> new HasVersion(in.position());
            case VALUE -> new HasValue(Bytes.of(in.bytes()));
            default -> throw new IllegalArgumentException("a condition of the unknown kind " + kind + ": update it");
        };
        long clockMillis = in.i64();
        long ttlMillis = in.i64();
        int count = in.count(5);
        List<Item> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Bytes key = Bytes.of(in.bytes());
            items.add(new Item(key, in.bool() ? Optional.of(in.bytes()) : Optional.empty()));
        }
        return new MapCommand(condition, List.copyOf(items), clockMillis, ttlMillis);
    }
}
