/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** A row of a terminal, made of spans with a style each. One thread. */
final class Row {

    /** From here on a character may take two columns; counting some twice too often costs a blank. */
    private static final int WIDE_FROM = 0x1100;

    /** Blocks and lines, which are drawn here, take one. */
    private static final int NARROW_FROM = 0x2010;

    private static final int NARROW_TO = 0x25FF;

    private record Span(String style, String text) {}

    private final List<Span> spans = new ArrayList<>();

    static Row of(String text) {
        return new Row().add("", text);
    }

    /** @param style as picocli names it; empty for none */
    Row add(String style, String text) {
        spans.add(new Span(style, text));
        return this;
    }

    /** Columns. */
    int width() {
        return spans.stream().mapToInt(span -> width(span.text)).sum();
    }

    /** Fills up with blanks to a column, or adds one if it is beyond. */
    Row to(int column) {
        return add("", " ".repeat(Math.max(1, column - width())));
    }

    /** Cut to a width, without a line end. */
    String render(int columns, boolean isColoured) {
        StringBuilder line = new StringBuilder();
        int left = columns;
        boolean isCut = width() > columns;
        for (Span span : spans) {
            String shown = cut(span.text, isCut ? left - 1 : left);
            left -= width(shown);
            boolean isStyled = isColoured && !span.style.isEmpty() && !shown.isEmpty();
            if (isStyled) {
                // What ends bold alone is a double underline on some terminals.
                line.append(Ansi.Style.on(Ansi.Style.parse(span.style)))
                        .append(shown)
                        .append(Ansi.Style.reset.on());
            } else {
                line.append(shown);
            }
            if (shown.length() < span.text.length()) {
                return left > 0 ? line.append('…').toString() : line.toString();
            }
        }
        return line.toString();
    }

    static int width(String text) {
        return text.codePoints().map(Row::width).sum();
    }

    private static int width(int codePoint) {
        boolean isDrawing = codePoint >= NARROW_FROM && codePoint <= NARROW_TO;
        return codePoint < WIDE_FROM || isDrawing ? 1 : 2;
    }

    private static String cut(String text, int columns) {
        int left = columns;
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            left -= width(codePoint);
            if (left < 0) {
                break;
            }
            at += Character.charCount(codePoint);
        }
        return text.substring(0, at);
    }

    /** Words on as many lines as they need, at most so many; the last is cut. */
    static List<String> wrap(String text, int columns, int linesMax) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && width(line.toString()) + 1 + width(word) > columns && lines.size() + 1 < linesMax) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
