/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The command as an earlier commit of this repository has it, built from its sources beside this build. One thread. */
final class OlderBuild {

    private static final int MINUTES_MAX = 10;

    private final Path checkout;
    private final String commit;
    private final Path folder;

    /** @param commit its full name */
    OlderBuild(String commit) {
        this.commit = commit;
        Path launcher = Path.of(System.getProperty("totem.launcher")).toAbsolutePath();
        checkout = launcher.getParent().getParent();
        folder = launcher.resolveSibling("target").resolve("older").resolve(commit.substring(0, 12));
    }

    /** Why it cannot be built here, if it cannot: sources without a history, or a clone without all of it. */
    Optional<String> obstacle() throws IOException, InterruptedException {
        List<String> look = List.of("git", "-C", checkout.toString(), "cat-file", "-e", commit + "^{commit}");
        try {
            return run(new ProcessBuilder(look), MINUTES_MAX).status() == 0
                    ? Optional.empty()
                    : Optional.of("commit " + commit + " is not in this clone: git fetch --unshallow");
        } catch (IOException missing) {
            return Optional.of("no git: " + missing.getMessage());
        }
    }

    /** Its jar, built if that was not done before. */
    Path jar() throws IOException, InterruptedException {
        Path jar = folder.resolve(Path.of("benchmarks", "target", "quick", "totem.jar"));
        if (Files.exists(jar)) {
            return jar;
        }
        Files.createDirectories(folder);
        Path archive = folder.resolve("sources.tar");
        done(new ProcessBuilder("git", "-C", checkout.toString(), "archive", "-o", archive.toString(), commit));
        done(new ProcessBuilder("tar", "-x", "-f", archive.toString(), "-C", folder.toString()));
        List<String> maven = List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-q",
                "-Dmaven.repo.local=" + System.getProperty("maven.cache"),
                "-Dtotem.quick",
                "-pl",
                "benchmarks",
                "-am",
                "package");
        ProcessBuilder build = new ProcessBuilder(maven).directory(folder.toFile());
        build.environment().put("JAVA_HOME", System.getProperty("java.home"));
        build.environment().remove("MAVEN_PROJECTBASEDIR");
        done(build);
        return jar;
    }

    private void done(ProcessBuilder command) throws IOException, InterruptedException {
        Totem.Run run = run(command, MINUTES_MAX);
        assertThat(run.status())
                .as("%s of commit %s:%n%s", command.command(), commit, run.out())
                .isZero();
    }

    private static Totem.Run run(ProcessBuilder command, int minutesMax) throws IOException, InterruptedException {
        Path out = Files.createTempFile("older", ".out");
        try {
            Process process = command.redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .start();
            boolean hasEnded;
            try {
                hasEnded = process.waitFor(minutesMax, TimeUnit.MINUTES);
            } finally {
                process.destroyForcibly();
            }
            String said = Files.readString(out, StandardCharsets.UTF_8);
            return new Totem.Run(hasEnded ? process.exitValue() : -1, said, "");
        } finally {
            Files.delete(out);
        }
    }
}
