/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.consumers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A local repository of its own for the projects' builds, in which Totem is what this build has just packaged: never a
 * snapshot that somebody installed earlier.
 */
final class PublishedArtifacts {

    static final Path ROOT =
            Path.of(System.getProperty("totem.root")).toAbsolutePath().normalize();
    static final String VERSION = System.getProperty("totem.version");

    /** The first of a published pom, which has no parent, is its own. */
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");

    private PublishedArtifacts() {}

    /** Every module that has a pom to publish, with its jar if it has one. */
    static Path repository() {
        Path repository = ROOT.resolve("consumers").resolve("target").resolve("repository");
        try {
            Path ours = repository.resolve("dev").resolve("totem");
            delete(ours);
            for (Path pom : publishedPoms()) {
                String artifact = artifactOf(pom);
                Path to = Files.createDirectories(ours.resolve(artifact).resolve(VERSION));
                String name = artifact + "-" + VERSION;
                Files.copy(pom, to.resolve(name + ".pom"));
                Path jar = pom.resolveSibling(name + ".jar");
                if (Files.exists(jar)) {
                    Files.copy(jar, to.resolve(name + ".jar"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return repository;
    }

    /** What the modules' builds left in target/, at most two folders deeper than the root's own modules. */
    private static List<Path> publishedPoms() throws IOException {
        Path pom = Path.of("target", "published-pom.xml");
        try (Stream<Path> folders = Files.find(ROOT, 3, (path, attributes) -> attributes.isDirectory())) {
            return folders.map(folder -> folder.resolve(pom))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static String artifactOf(Path pom) throws IOException {
        Matcher artifact = ARTIFACT.matcher(Files.readString(pom));
        if (!artifact.find()) {
            throw new IllegalStateException(pom + " names no artifact");
        }
        return artifact.group(1);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
