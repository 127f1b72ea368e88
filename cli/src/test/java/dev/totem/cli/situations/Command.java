/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import dev.totem.cli.TotemCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code totem …}, run to its end. */
record Command(int status, List<String> out, List<String> err) {

    /** In a process of its own; its input is empty. */
    static Command process(List<String> words) throws IOException, InterruptedException {
        Path err = Files.createTempFile("totem", ".err");
        Process process = new ProcessBuilder(words).redirectError(err.toFile()).start();
        try {
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Command(process.waitFor(), out.lines().toList(), Files.readAllLines(err));
        } finally {
            process.destroyForcibly();
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
                status,
                out.toString().lines().toList(),
                err.toString().lines().toList());
    }
}
