/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.consumers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

/** A section of a document: its blocks of code. */
record Guide(String text) {

    /** From its heading to the next one. */
    static Guide section(String document, String heading) throws IOException {
        String page = Files.readString(PublishedArtifacts.ROOT.resolve("docs").resolve(document), UTF_8);
        int from = page.indexOf("\n## " + heading + "\n");
        if (from < 0) {
            throw new IllegalStateException(document + " has no section " + heading);
        }
        int to = page.indexOf("\n## ", from + 1);
        return new Guide(page.substring(from, to < 0 ? page.length() : to));
    }

    /** What stands in its blocks of this language. */
    List<String> blocks(String language) {
        return Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** The lines of its shell blocks, comments left out. */
    List<String> commands() {
        return blocks("sh").stream()
                .flatMap(String::lines)
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }
}
