/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The page and all that it needs, by path. Read once, any thread. */
final class PageFiles {

    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private final Map<String, PageFile> files = Map.of(
            "/", file("page.html", "text/html; charset=utf-8"),
            "/page.css", file("page.css", "text/css; charset=utf-8"),
            "/page.js", file("page.js", SCRIPT),
            "/parts.js", file("parts.js", SCRIPT),
            "/samples.js", file("samples.js", SCRIPT),
            "/ring.js", file("ring.js", SCRIPT),
            "/charts.js", file("charts.js", SCRIPT),
            "/changes.js", file("changes.js", SCRIPT),
            "/icon.svg", file("icon.svg", "image/svg+xml"));

    /** What is sent for one. */
    record PageFile(String type, byte[] bytes) {}

    Optional<PageFile> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    private static PageFile file(String name, String type) {
        try (InputStream in = requireNonNull(PageFiles.class.getResourceAsStream(name), name)) {
            return new PageFile(type, in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
