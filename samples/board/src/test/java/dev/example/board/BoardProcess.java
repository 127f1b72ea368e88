/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The application in a process of its own. */
final class BoardProcess {

    private BoardProcess() {}

    /** Its options come after the words that say where it runs, none for here. */
    static Process start(List<String> where, String... options) throws IOException {
        List<String> command = new ArrayList<>(where);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                BoardApplication.class.getName()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("TOTEM_KEY", "0123456789abcdef".repeat(4));
        return builder.start();
    }
}
