/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Log lines as the sources have them: filled in, and as the pages quote them. */
class LogLinesTest {

    private static final Pattern CALL = Pattern.compile("LOG\\s*\\.(?:trace|debug|info|warn|error)\\(");
    private static final Pattern WARNING = Pattern.compile("(?:LOG|log)\\s*\\.warn\\(");
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern FORMAT = Pattern.compile("^\\s*(\"(?:[^\"\\\\]|\\\\.)*\")\\s*(?:,|$)");

    /** A page writes log: before a line that it quotes; … stands for what differs. */
    private static final Pattern QUOTED = Pattern.compile("\\blog:\\s+`([^`]+)`");

    @Test
    void everyPlaceholderHasItsArgument() throws IOException {
        List<String> wrong = new ArrayList<>();
        int calls = 0;
        for (String source : sources()) {
            Matcher call = CALL.matcher(source);
            while (call.find()) {
                List<String> arguments = arguments(source, call.end());
                calls++;
                Matcher format = FORMAT.matcher(arguments.get(0));
                long holes = format.find() ? count(format.group(1)) : -1;
                long given = arguments.size() - 1L;
                // One more than the placeholders is a throwable, whose trace is wanted.
                if (holes < 0 || given < holes || given > holes + 1) {
                    wrong.add(String.join(", ", arguments));
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(calls).isGreaterThan(10);
    }

    @Test
    void everyQuotedLineIsInTheCode() throws IOException {
        String all = String.join("\n", sources());
        List<String> missing = new ArrayList<>();
        int quoted = 0;
        for (Path page : Pages.files(".md")) {
            Matcher line = QUOTED.matcher(Pages.prose(page));
            while (line.find()) {
                quoted++;
                for (String part : line.group(1).split("…", -1)) {
                    if (!all.contains(part.strip())) {
                        missing.add(page + ": " + part);
                    }
                }
            }
        }

        assertThat(missing).isEmpty();
        assertThat(quoted).isGreaterThan(5);
    }

    /** What an operator may see of a node is in the table of what is wrong. */
    @Test
    void everyWarningOfANodeIsOnAPage() throws IOException {
        StringBuilder pages = new StringBuilder();
        for (Path page : Pages.files(".md")) {
            pages.append(Pages.prose(page)).append('\n');
        }
        List<String> missing = new ArrayList<>();
        int warnings = 0;
        for (String source : sources("/(?:core|transport|security)/src/main/java/")) {
            Matcher call = WARNING.matcher(source);
            while (call.find()) {
                Matcher format = FORMAT.matcher(arguments(source, call.end()).get(0));
                List<String> parts = format.find() ? parts(format.group(1)) : List.of();
                warnings += parts.isEmpty() ? 0 : 1;
                if (!parts.isEmpty() && parts.stream().noneMatch(part -> pages.indexOf(part) >= 0)) {
                    missing.add(format.group(1));
                }
            }
        }

        assertThat(missing).isEmpty();
        assertThat(warnings).isGreaterThan(20);
    }

    /** What is the same in all lines of a format, as far as it says something. */
    private static List<String> parts(String format) {
        return Stream.of(format.split("\\{}|[\":;,()]"))
                .map(String::strip)
                .filter(part -> part.length() > 16)
                .toList();
    }

    private static List<String> sources() throws IOException {
        return sources("/src/main/java/");
    }

    private static List<String> sources(String path) throws IOException {
        return Pages.files(".java").stream()
                .filter(file -> Pattern.compile(path).matcher(file.toString()).find())
                .map(file -> JOINED.matcher(Pages.text(file)).replaceAll(""))
                .toList();
    }

    private static long count(String format) {
        return Pattern.compile(Pattern.quote("{}")).matcher(format).results().count();
    }

    /** What stands between the parentheses, cut at the commas that are not inside of something. */
    private static List<String> arguments(String source, int from) {
        List<String> arguments = new ArrayList<>();
        StringBuilder argument = new StringBuilder();
        int depth = 0;
        boolean isText = false;
        for (int at = from; depth >= 0; at++) {
            char c = source.charAt(at);
            isText ^= c == '"' && source.charAt(at - 1) != '\\';
            depth += isText ? 0 : nesting(c);
            if (depth < 0 || (depth == 0 && !isText && c == ',')) {
                arguments.add(argument.toString().strip());
                argument.setLength(0);
            } else {
                argument.append(c);
            }
        }
        return arguments;
    }

    private static int nesting(char c) {
        return switch (c) {
            case '(' -> 1;
            case ')' -> -1;
            default -> 0;
        };
    }
}
