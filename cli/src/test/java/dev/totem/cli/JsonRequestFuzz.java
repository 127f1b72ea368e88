/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Any line is a command, or is answered with a reason.
 *
 * <p>An input is a mode, then the line itself, or choices by which a command is written from the words of its grammar, one
 * byte a choice, zeros when they are used up.
 */
public final class JsonRequestFuzz {

    private static final byte RAW = 0;
    private static final int DATA_BYTES_MAX = 24;
    private static final int FIELDS_MAX = 5;
    private static final int DEPTH_MAX = 3;

    private static final List<String> NAMES =
            List.of("op", "cmd", "command", "tag", "data", "groups", "guarantee", "key", "", "x");
    private static final List<String> TEXTS = List.of(
            "send",
            "join",
            "leave",
            "rekey",
            "membership",
            "stats",
            "quit",
            "safe",
            "agreed",
            "fifo",
            "aGVsbG8=",
            "a",
            "",
            "=",
            "\\u0000",
            "\\ud800",
            "é",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "t1",
            "\\n",
            "\"");
    private static final List<String> OTHERS = List.of(
            "0", "-1", "7", "2147483648", "1.5", "1e400", "null", "true", "NaN", "[[[[", "}", "1" + "0".repeat(400));

    private static final JsonRequestParser PARSER = new JsonRequestParser(DATA_BYTES_MAX);

    private JsonRequestFuzz() {}

    /** One execution; throws what it finds. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        if (input[0] == RAW) {
            check(Arrays.copyOfRange(input, 1, input.length));
            return;
        }
        ByteBuffer choices = ByteBuffer.wrap(input, 1, input.length - 1);
        StringBuilder line = new StringBuilder("{");
        for (int fields = next(choices, FIELDS_MAX + 1); fields > 0; fields--) {
            line.append('"').append(word(choices, NAMES)).append("\":");
            value(line, choices, DEPTH_MAX);
            line.append(fields > 1 ? "," : "");
        }
        byte[] whole = line.append('}').toString().getBytes(StandardCharsets.UTF_8);
        switch (next(choices, 4)) {
            case 1 -> whole[next(choices, whole.length)] = (byte) next(choices, 256);
            case 2 -> whole = Arrays.copyOf(whole, next(choices, whole.length));
            default -> {}
        }
        check(whole);
    }

    private static void value(StringBuilder line, ByteBuffer choices, int depth) {
        switch (next(choices, 8)) {
            case 0 -> line.append(word(choices, OTHERS));
            case 1 -> {
                line.append('[');
                for (int elements = depth == 0 ? 0 : next(choices, 4); elements > 0; elements--) {
                    value(line, choices, depth - 1);
                    line.append(elements > 1 ? "," : "");
                }
                line.append(']');
            }
            case 2 -> line.append("{\"").append(word(choices, NAMES)).append("\":{}}");
            default -> line.append('"').append(word(choices, TEXTS)).append('"');
        }
    }

    private static String word(ByteBuffer choices, List<String> words) {
        return words.get(next(choices, words.size()));
    }

    private static int next(ByteBuffer choices, int bound) {
        return choices.hasRemaining() ? Byte.toUnsignedInt(choices.get()) % bound : 0;
    }

    private static void check(byte[] line) {
        try {
            NodeRequest request = PARSER.parse(line);
            if (request instanceof NodeRequest.Send send && send.data().length > DATA_BYTES_MAX) {
                throw new AssertionError("more data than allowed");
            }
        } catch (BadRequestException refused) {
            String reason = refused.getMessage();
            if (reason == null || reason.isBlank()) {
                throw new AssertionError("no reason", refused);
            }
        }
    }
}
