/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the pages, writes the site; fails if a link leads nowhere. */
public final class Site {

    private final Path root;
    private final Path out;

    private Site(Path root, Path out) {
        this.root = root;
        this.out = out;
    }

    /**
     * Makes the site.
     *
     * @param args the repository, and where the site goes
     */
    public static void main(String[] args) throws IOException {
        new Site(Path.of(args[0]).toRealPath(), Path.of(args[1])).write();
    }

    private void write() throws IOException {
        Navigation navigation = Navigation.of(root);
        Layout layout = new Layout(navigation);
        List<String> broken = new ArrayList<>();
        Files.createDirectories(out);
        for (Navigation.Entry entry : navigation.entries()) {
            Page page = Page.of(root, entry.source(), navigation, broken);
            Files.writeString(out.resolve(entry.address()), layout.html(entry, page));
        }
        pictures();
        if (!broken.isEmpty()) {
            throw new IllegalStateException("links that lead nowhere: " + broken);
        }
        System.out.println(navigation.entries().size() + " pages in " + out.resolve("index.html"));
    }

    /** All pictures of docs/, under their names there. */
    private void pictures() throws IOException {
        Path docs = root.resolve("docs");
        List<Path> pictures;
        try (Stream<Path> files = Files.walk(docs, 2)) {
            pictures = files.filter(file -> file.toString().endsWith(".svg") || file.toString().endsWith(".png"))
                    .toList();
        }
        for (Path picture : pictures) {
            Path copy = out.resolve(docs.relativize(picture).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(picture, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
