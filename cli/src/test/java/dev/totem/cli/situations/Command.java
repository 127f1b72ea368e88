/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.cli.TotemCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code totem …}, run to its end. */
record Command(int status, List<String> out, List<String> err) {

    private static final long LIMIT_SECONDS = 120;

    /** In a process of its own, which ends by itself: its input does not. */
    static Command process(List<String> words) throws IOException, InterruptedException {
        Path out = Files.createTempFile("totem", ".out");
        Path err = Files.createTempFile("totem", ".err");
        Process process = new ProcessBuilder(words)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            boolean isOver = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(isOver).as(() -> words + " ends").isTrue();
            return new Command(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** In this JVM. */
    static Command totem(String line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = TotemCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(line.strip().split(" +", -1));
        return new Command(
                status, out.toString().lines().toList(), err.toString().lines().toList());
    }
}
