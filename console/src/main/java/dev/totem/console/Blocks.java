/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.totem.core.ConfigurationException;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What stands on the node and how that is, in words of the application. Immutable, any thread. */
record Blocks(Map<String, Supplier<String>> states) {

    static final Blocks NONE = new Blocks(Map.of());

    private static final int BLOCKS_MAX = 64;
    private static final int TEXT_CHARS_MAX = 1_000;

    Blocks {
        states = Map.copyOf(states);
    }

    Blocks with(String name, Supplier<String> state) {
        SortedMap<String, Supplier<String>> more = new TreeMap<>(states);
        more.put(name, state);
        if (more.size() > BLOCKS_MAX) {
            throw new ConfigurationException("block", name, "a console shows at most " + BLOCKS_MAX);
        }
        return new Blocks(more);
    }

    /** Nothing, where there are none. */
    void write(JsonGenerator json) throws IOException {
        if (states.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("blocks");
        for (Map.Entry<String, Supplier<String>> block : new TreeMap<>(states).entrySet()) {
            json.writeStringField(block.getKey(), text(block.getValue()));
        }
        json.writeEndObject();
    }

    private static String text(Supplier<String> state) {
        try {
            String text = String.valueOf(state.get());
            return text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
        } catch (RuntimeException thrown) {
            return "cannot be told: " + thrown;
        }
    }
}
