/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.consumers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types what docs/SPRING.md says, in an empty directory; only ports and Maven's options are others. */
class SpringGuideIT {

    private static final int COMMANDS_MAX = 10;
    private static final Path PROJECT =
            PublishedArtifacts.ROOT.resolve("consumers").resolve("projects").resolve("spring-boot-starter");

    @TempDir
    Path directory;

    private Guide guide;
    private Path folder;

    @BeforeEach
    void read() throws IOException {
        guide = Guide.section("SPRING.md", "From nothing to running");
        folder = Files.createDirectory(directory.resolve("hello"));
    }

    @Test
    void twoInstancesRunAfterTenCommandsAtMost() throws Exception {
        Path repository = PublishedArtifacts.repository();
        assertThat(guide.commands()).hasSizeBetween(6, COMMANDS_MAX);
        int one = freePort();
        int two = freePort();

        try (Shell shell = new Shell(folder, environment(repository))) {
            for (String command : guide.commands()) {
                if (command.startsWith("mvn")) {
                    write("xml", "pom.xml", one, two);
                    write("properties", "src/main/resources/application.properties", one, two);
                    write("java", "src/main/java/dev/example/HelloApplication.java", one, two);
                }
                if (command.startsWith("kill")) {
                    shell.await("1 hears hello from ");
                    shell.await("2 hears hello from ");
                }
                shell.run(withPorts(command, one, two));
            }
            shell.await("2 hears hello from 2");
            shell.await("2 hears hello from 2");
        }
    }

    /** What the guide shows, which is what the project has. */
    private void write(String language, String file, int one, int two) throws IOException {
        String shown = Files.readString(PROJECT.resolve(file), UTF_8);
        assertThat(guide.blocks(language)).as(file).containsExactly(shown);
        Files.writeString(folder.resolve(file), withPorts(shown, one, two), UTF_8);
    }

    private static String withPorts(String text, int one, int two) {
        return text.replace(":5481", ":" + one).replace(":5482", ":" + two);
    }

    /** Finds a Maven that takes Totem from what this build has packaged, and a Java that keeps nodes' state in this test's directory. */
    private Map<String, String> environment(Path repository) throws IOException {
        Path programs = Files.createDirectory(directory.resolve("programs"));
        String home = System.getProperty("java.home");
        program(programs, "java", "'%s/bin/java' '-Duser.home=%s'".formatted(home, directory));
        program(
                programs,
                "mvn",
                "'%s/bin/mvn' -B -gs '%s' '-Dmaven.cache=%s' '-Dmaven.repo.local=%s' '-Dtotem.version=%s'"
                        .formatted(
                                System.getProperty("maven.home"),
                                PROJECT.resolveSibling("settings.xml"),
                                Path.of(System.getProperty("maven.cache")).toUri(),
                                repository,
                                PublishedArtifacts.VERSION));
        return Map.of("JAVA_HOME", home, "PATH", programs + File.pathSeparator + System.getenv("PATH"));
    }

    private static void program(Path programs, String name, String command) throws IOException {
        Path script = programs.resolve(name);
        Files.writeString(script, "#!/usr/bin/env bash\nexec " + command + " \"$@\"\n", UTF_8);
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    private static int freePort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
