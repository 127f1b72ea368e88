/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.consumers.Commands.Result;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One of the projects: its own Maven process builds it, then its program runs. */
final class ConsumerProject {

    private static final String DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:";
    private static final Path PROJECTS =
            PublishedArtifacts.ROOT.resolve("consumers").resolve("projects");

    private final String name;
    private final Path repository;
    private final Path source;
    private final Path target;

    ConsumerProject(String name, Path repository) {
        this.name = name;
        this.repository = repository;
        this.source = PROJECTS.resolve(name);
        this.target =
                PublishedArtifacts.ROOT.resolve("consumers").resolve("target").resolve(name);
    }

    /** Compiles it; gives the dependencies in the order of the tree, with those that Maven left out. */
    String build(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-q",
                "-gs",
                PROJECTS.resolve("settings.xml").toString(),
                "-Dmaven.cache=" + Path.of(System.getProperty("maven.cache")).toUri(),
                "-Dmaven.repo.local=" + repository,
                "-Dtotem.version=" + PublishedArtifacts.VERSION,
                "-DbuildDirectory=" + target,
                "-Dverbose",
                "-Dmdep.outputFile=" + target.resolve("classpath"),
                "-DoutputFile=" + target.resolve("tree"),
                "compile",
                DEPENDENCY_PLUGIN + "tree",
                DEPENDENCY_PLUGIN + "build-classpath"));
        command.addAll(List.of(options));
        try {
            Files.createDirectories(target);
            Result built = Commands.run(source, target.resolve("build.log"), command);
            assertThat(built.status())
                    .as("the build of %s:%n%s", name, built.output())
                    .isZero();
            return Files.readString(target.resolve("tree"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Result run(Jdk jdk, String program, String... arguments) {
        try {
            String classPath = target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(target.resolve("classpath")).strip();
            List<String> command = new ArrayList<>(List.of(jdk.java().toString(), "-cp", classPath, program));
            command.addAll(List.of(arguments));
            return Commands.run(target, target.resolve("run-" + jdk.version() + ".log"), command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
