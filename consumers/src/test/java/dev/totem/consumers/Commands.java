/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.consumers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end. */
final class Commands {

    private static final int MINUTES_MAX = 5;

    private Commands() {}

    record Result(int status, String output) {}

    /** Runs with the JDK of this build as JAVA_HOME; all output goes to the file and into the result. */
    static Result run(Path directory, Path log, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().remove("MAVEN_PROJECTBASEDIR");
            Process process = builder.start();
            process.getOutputStream().close();
            try {
                if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                    throw new AssertionError(
                            command + " did not end in " + MINUTES_MAX + " minutes:\n" + Files.readString(log, UTF_8));
                }
            } finally {
                process.destroyForcibly();
            }
            return new Result(process.exitValue(), Files.readString(log, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(command + " was interrupted", e);
        }
    }
}
