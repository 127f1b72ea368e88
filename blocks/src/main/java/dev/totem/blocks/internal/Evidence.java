/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** Results as bytes that are the same at all replicas, as far as it is sure that they are. Any thread. */
public final class Evidence {

    private static final byte[] NOTHING = {};

    private Evidence() {}

    /** Of texts, numbers, truth values, bytes, enum constants, positions, and optionals and lists of them; else nothing. */
    public static byte[] of(Object result) {
        if (result instanceof byte[] bytes) {
            return bytes.clone();
        } else if (result instanceof Enum<?> constant) {
            return constant.name().getBytes(UTF_8);
        } else if (result instanceof Optional<?> optional) {
            return optional.map(value -> new Writer().bytes(of(value)).toBytes())
                    .orElse(NOTHING);
        } else if (result instanceof List<?> list) {
            Writer out = new Writer().i32(list.size());
            list.forEach(value -> out.bytes(of(value)));
            return out.toBytes();
        }
        return isText(result) ? result.toString().getBytes(UTF_8) : NOTHING;
    }

    /** Whether its text says all of it. */
    private static boolean isText(Object value) {
        return value instanceof CharSequence
                || (value instanceof Number && value.getClass().getName().startsWith("java."))
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof UUID
                || value instanceof OptionalLong
                || value instanceof OptionalInt
                || value instanceof Position
                || value instanceof NodeId
                || value.getClass().getName().startsWith("java.time.");
    }
}
