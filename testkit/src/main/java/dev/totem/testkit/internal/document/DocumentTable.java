/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A part of a page of the documentation that is made from the code, between two marks. For tests of this project. Any thread. */
public final class DocumentTable {

    /** If it is set, what differs is written instead of complained of. */
    private static final String WRITE = "totem.docs.write";

    private DocumentTable() {}

    /**
     * That the page has it as it is made now.
     *
     * @param mark the part begins behind the line {@code <!-- MARK:begin… -->}, and ends before {@code <!-- MARK:end -->}
     * @throws AssertionError if it has not, or the marks are not there
     */
    public static void isMadeFromTheCode(Path page, String mark, String table) throws IOException {
        String text = Files.readString(page);
        Matcher part = Pattern.compile(
                        "(<!-- " + Pattern.quote(mark) + ":begin[^\n]*-->\n)(.*?)(<!-- " + Pattern.quote(mark) + ":end -->)",
                        Pattern.DOTALL)
                .matcher(text);
        if (!part.find()) {
            throw new AssertionError(page + " has no two marks of " + mark);
        }
        if (part.group(2).equals(table)) {
            return;
        }
        if (System.getProperty(WRITE) == null) {
            throw new AssertionError(page + " differs from the code between the marks of " + mark + ": run again with -D"
                    + WRITE + "; made is\n" + table);
        }
        Files.writeString(page, text.substring(0, part.start(2)) + table + text.substring(part.end(2)));
    }
}
