/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which pages there are, in which order, under which headings. */
record Navigation(Map<String, List<Entry>> sections) {

    private static final String START = "README.md";

    /**
     * A page.
     *
     * @param source its file, relative to the repository
     * @param address its file in the site
     */
    record Entry(String source, String name, String address) {

        static Entry of(String source, String name) {
            String file = source.substring(source.lastIndexOf('/') + 1);
            String address = source.equals(START)
                    ? "index.html"
                    : file.substring(0, file.length() - ".md".length()).toLowerCase(Locale.ROOT) + ".html";
            return new Entry(source, name, address);
        }
    }

    /** Those of pages.txt that exist, and behind them those of docs/ that it does not name. */
    static Navigation of(Path root) throws IOException {
        Map<String, List<Entry>> sections = new LinkedHashMap<>();
        List<String> named = new ArrayList<>();
        List<Entry> section = new ArrayList<>();
        for (String line : Resources.text("pages.txt").lines().toList()) {
            if (line.startsWith("  ")) {
                String[] words = line.strip().split(" +", 2);
                named.add(words[0]);
                if (Files.exists(root.resolve(words[0]))) {
                    section.add(Entry.of(words[0], words[1]));
                }
            } else if (!line.startsWith("#")) {
                section = new ArrayList<>();
                sections.put(line, section);
            }
        }
        List<Entry> others = others(root, named);
        if (!others.isEmpty()) {
            sections.put("More", others);
        }
        return new Navigation(sections);
    }

    private static List<Entry> others(Path root, List<String> named) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("docs"))) {
            return files.map(file -> "docs/" + file.getFileName())
                    .filter(source -> source.endsWith(".md") && !named.contains(source))
                    .sorted()
                    .map(source -> Entry.of(source, source.substring("docs/".length(), source.length() - 3)))
                    .toList();
        }
    }

    List<Entry> entries() {
        return sections.values().stream().flatMap(List::stream).toList();
    }

    Optional<Entry> entry(String source) {
        return entries().stream().filter(entry -> entry.source().equals(source)).findFirst();
    }
}
