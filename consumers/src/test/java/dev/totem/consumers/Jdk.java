/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.consumers;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A Java that is installed here. */
record Jdk(int version, Path home) {

    private static final int OLDEST = 17;

    Path java() {
        return home.resolve("bin").resolve("java");
    }

    /** The one that runs this build, and one of each other version, from 17 on, that stands beside it. */
    static Collection<Jdk> installed() {
        try {
            Path own = Path.of(System.getProperty("java.home")).toRealPath();
            SortedMap<Integer, Jdk> found = new TreeMap<>();
            at(own).ifPresent(jdk -> found.put(jdk.version, jdk));
            try (Stream<Path> beside = Files.list(own.getParent())) {
                beside.sorted().flatMap(home -> at(home).stream()).forEach(jdk -> found.putIfAbsent(jdk.version, jdk));
            }
            return found.values();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Jdk> at(Path home) {
        Path release = home.resolve("release");
        if (!Files.isReadable(release)
                || !Files.isExecutable(home.resolve("bin").resolve("java"))) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(release)) {
            properties.load(in);
        } catch (IOException e) {
            return Optional.empty();
        }
        String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
        String major = version.split("[.+-]", -1)[0];
        return major.matches("\\d{2,4}") && Integer.parseInt(major) >= OLDEST
                ? Optional.of(new Jdk(Integer.parseInt(major), home))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "Java " + version;
    }
}
