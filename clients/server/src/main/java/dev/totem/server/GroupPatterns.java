/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Permissions from lines of text: {@code WHO WHAT PATTERN}. What no line allows is denied. Immutable, any thread.
 *
 * <p>WHO is an identity, {@code user:1000}, {@code certificate:CN=orders} or {@code token:billing}, with blanks written as
 * {@code %20}, or {@code *} for everybody who has proven one. WHAT is {@code join}, {@code send}, {@code read} or {@code all}, or several with commas. PATTERN is
 * the name of a group, in which {@code *} stands for any characters. Empty lines and those that begin with {@code #} say nothing.
 * Who may send to all groups, pattern {@code *} alone, may send to members as such.
 */
public final class GroupPatterns implements ClientAuthorization {

    private enum Right {
        JOIN,
        SEND,
        READ
    }

    private record Line(String who, Set<Right> rights, String pattern) {

        boolean allows(ClientIdentity client, Right right, GroupName group) {
            return allows(client, right) && matches(pattern, group.value());
        }

        boolean allowsAll(ClientIdentity client, Right right) {
            return allows(client, right) && pattern.equals("*");
        }

        private boolean allows(ClientIdentity client, Right right) {
            return rights.contains(right) && (who.equals("*") || who.equals(client.toString()));
        }
    }

    private final List<Line> lines;

    private GroupPatterns(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /**
     * Reads a file once. Blocks.
     *
     * @throws ConfigurationException if it cannot be read, or names the line that says nothing
     */
    public static GroupPatterns read(Path file) {
        try {
            return of(Files.readAllLines(requireNonNull(file, "file")));
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    "allow", file.toString(), "cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /**
     * From lines.
     *
     * @throws ConfigurationException which names the line that says nothing
     */
    public static GroupPatterns of(List<String> text) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < text.size(); i++) {
            String line = text.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                lines.add(line(i + 1, line));
            }
        }
        return new GroupPatterns(lines);
    }

    private static Line line(int number, String line) {
        String[] words = line.split("\\s+", -1);
        if (words.length != 3) {
            throw wrong(number, line, "a line is WHO WHAT PATTERN");
        }
        if (!words[0].equals("*") && !words[0].matches("(user|certificate|token):.+")) {
            throw wrong(number, line, "WHO is user:ID, certificate:SUBJECT, token:NAME or *");
        }
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String word : words[1].split(",", -1)) {
            if (word.equals("all")) {
                rights.addAll(EnumSet.allOf(Right.class));
            } else {
                try {
                    rights.add(Right.valueOf(word.toUpperCase(Locale.ROOT)));
                } catch (IllegalArgumentException unknown) {
                    throw wrong(number, line, "WHAT is join, send, read or all, with commas between them");
                }
            }
        }
        return new Line(words[0].replace("%20", " "), rights, words[2]);
    }

    private static ConfigurationException wrong(int number, String line, String remedy) {
        return new ConfigurationException("allow", "line " + number + ", " + line, remedy);
    }

    /** Each star takes as little as it can, and more if the rest does not fit: no more steps than both lengths multiplied. */
    private static boolean matches(String pattern, String name) {
        int inPattern = 0;
        int inName = 0;
        int star = -1;
        int afterStar = 0;
        while (inName < name.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
                star = inPattern++;
                afterStar = inName;
            } else if (inPattern < pattern.length() && pattern.charAt(inPattern) == name.charAt(inName)) {
                inPattern++;
                inName++;
            } else if (star >= 0) {
                inPattern = star + 1;
                inName = ++afterStar;
            } else {
                return false;
            }
        }
        while (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
            inPattern++;
        }
        return inPattern == pattern.length();
    }

    private boolean allows(ClientIdentity client, Right right, GroupName group) {
        return lines.stream().anyMatch(line -> line.allows(client, right, group));
    }

    @Override
    public boolean mayJoin(ClientIdentity client, GroupName group) {
        return allows(client, Right.JOIN, group);
    }

    @Override
    public boolean maySend(ClientIdentity client, GroupName group) {
        return allows(client, Right.SEND, group);
    }

    @Override
    public boolean mayRead(ClientIdentity client, GroupName group) {
        return allows(client, Right.READ, group);
    }

    @Override
    public boolean mayAddress(ClientIdentity client, MemberId member) {
        return lines.stream().anyMatch(line -> line.allowsAll(client, Right.SEND));
    }
}
