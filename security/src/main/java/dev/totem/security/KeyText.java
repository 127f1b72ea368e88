/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of a key file, wherever it is kept; {@link KeyFile} says how it looks. Any thread. */
final class KeyText {

    static final String FIRST_LINE = "totem-key-file 2";

    private static final String SETTING = "key";
    private static final String FIRST_LINE_OF_VERSION_1 = "totem-key-file 1";
    private static final int FIRST_ID = 1;

    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern NOTHING = Pattern.compile("\\s*(?:#.*)?");
    private static final Pattern ACTIVE = Pattern.compile("active (\\d{1,3})");
    private static final Pattern KEY = Pattern.compile("key ([1-9]\\d{0,2}) ([0-9a-fA-F]{64})");
    private static final Pattern DIGITS = Pattern.compile("[0-9a-fA-F]{64}");

    private KeyText() {}

    /** The keys in an environment variable, whose value may be missing. */
    static CompletionStage<KeyRing> environment(String name, @Nullable String value) {
        try {
            String where = "environment variable " + name;
            if (value == null || value.isBlank()) {
                throw new ConfigurationException(
                        SETTING, where, "is not set; set it to the text of a key file, made by totem keygen FILE");
            }
            String text = value.strip();
            if (DIGITS.matcher(text).matches()) {
                byte[] key = HEX.parseHex(text);
                try {
                    return CompletableFuture.completedFuture(KeyRing.of(FIRST_ID, key));
                } finally {
                    Arrays.fill(key, (byte) 0);
                }
            }
            return CompletableFuture.completedFuture(parse(where, CharBuffer.wrap(value)));
        } catch (ConfigurationException unusable) {
            return CompletableFuture.failedFuture(unusable);
        }
    }

    /** Makes no string of what may be secret. */
    static KeyRing parse(String file, CharBuffer text) {
        CharBuffer first = nextLine(text);
        boolean isVersion1 = FIRST_LINE_OF_VERSION_1.contentEquals(first);
        if (!isVersion1 && !FIRST_LINE.contentEquals(first)) {
            throw malformed(file, "its first line is not '" + FIRST_LINE + "'");
        }
        List<MasterKey> keys = new ArrayList<>();
        try {
            int active = isVersion1 ? FIRST_ID : 0;
            for (int number = 2; text.hasRemaining(); number++) {
                CharBuffer line = nextLine(text);
                Matcher named = ACTIVE.matcher(line);
                if (!isVersion1 && named.matches() && active == 0) {
                    active = Integer.parseInt(line, named.start(1), named.end(1), 10);
                } else if (!NOTHING.matcher(line).matches()) {
                    keys.add(key(file, line, number, keys, isVersion1));
                }
            }
            if (keys.isEmpty()) {
                throw malformed(file, "it has no key");
            }
            int id = isVersion1 ? keys.get(0).id() : active;
            if (keys.stream().noneMatch(key -> key.id() == id)) {
                throw malformed(file, "no line 'active' names one of its keys");
            }
            return new KeyRing(keys, id);
        } catch (ConfigurationException unusable) {
            keys.forEach(key -> key.key().erase());
            throw unusable;
        }
    }

    private static CharBuffer nextLine(CharBuffer text) {
        int from = text.position();
        int end = from;
        while (end < text.limit() && text.get(end) != '\n') {
            end++;
        }
        text.position(Math.min(end + 1, text.limit()));
        if (end > from && text.get(end - 1) == '\r') {
            end--;
        }
        return text.duplicate().limit(end).position(from);
    }

    private static MasterKey key(String file, CharBuffer line, int number, List<MasterKey> before, boolean isVersion1) {
        Matcher matcher = KEY.matcher(line);
        if (!matcher.matches()) {
            throw malformed(file, "line " + number + " is not 'key ID' and 64 hexadecimal digits");
        }
        int id = Integer.parseInt(line, matcher.start(1), matcher.end(1), 10);
        if (id > MasterKey.ID_MAX) {
            throw malformed(file, "line " + number + ": a key id is from 1 to " + MasterKey.ID_MAX);
        }
        if ((isVersion1 && !before.isEmpty()) || before.stream().anyMatch(key -> key.id() == id)) {
            throw malformed(file, "line " + number + ": more than one key" + (isVersion1 ? "" : " " + id));
        }
        CharSequence digits = line.subSequence(matcher.start(2), matcher.end(2));
        SecretKey key = SecretKey.owning(HEX.parseHex(digits));
        if (key.isUniform()) {
            throw malformed(file, "line " + number + ": all bytes of key " + id + " are the same");
        }
        return new MasterKey(id, key);
    }

    static ConfigurationException malformed(String where, String what) {
        return new ConfigurationException(
                SETTING, where, "is not a key file: " + what + "; make one with: totem keygen FILE");
    }
}
