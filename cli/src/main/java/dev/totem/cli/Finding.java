/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a check of {@code totem doctor} has found. Any thread.
 *
 * @param check its name, one word
 * @param remedy what to do; empty if nothing is to be done
 */
record Finding(State state, String check, String text, String remedy) {

    /** How bad it is. */
    enum State {
        OK,
        /** It works, and not as well as it could. */
        WARN,
        /** A node does not start, finds nobody, or does not stay in a ring. */
        BAD
    }

    static Finding ok(String check, String text) {
        return new Finding(State.OK, check, text, "");
    }

    static Finding warn(String check, String text, String remedy) {
        return new Finding(State.WARN, check, text, remedy);
    }

    static Finding bad(String check, String text, String remedy) {
        return new Finding(State.BAD, check, text, remedy);
    }

    /** {@code ok|warn|bad NAME: text; remedy}, one line. */
    String line() {
        String line = word() + " " + check + ": " + text + (remedy.isEmpty() ? "" : "; " + remedy);
        return line.replaceAll("\\s*\\R\\s*", " ");
    }

    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("check", check);
        fields.put("state", word());
        fields.put("text", text);
        fields.put("remedy", remedy);
        return fields;
    }

    private String word() {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
