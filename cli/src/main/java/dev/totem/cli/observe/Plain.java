/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.util.List;
import java.util.stream.Collectors;

/** Text of others, safe to print: it moves no cursor and has no colour. Any thread. */
final class Plain {

    private static final int CHARS_MAX = 4_096;

    private Plain() {}

    /** In one line, with a middle dot for each control character, cut when it is very long. */
    static String line(String text) {
        String shown = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) + "…" : text;
        // Also those above 0x7F, of which terminals heed some. Format characters turn the direction of what follows.
        return shown.replaceAll("\\s*\\R\\s*", " ").replaceAll("[\\p{Cc}\\p{Cf}]", "·");
    }

    /** {@code node 1}, {@code nodes 1 and 2}, {@code nodes 1, 2 and 3}. */
    static String nodes(List<Integer> ids) {
        if (ids.isEmpty()) {
            return "no node";
        }
        if (ids.size() == 1) {
            return "node " + ids.get(0);
        }
        String first =
                ids.subList(0, ids.size() - 1).stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "nodes " + first + " and " + ids.get(ids.size() - 1);
    }
}
