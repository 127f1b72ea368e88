/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.security.KeyFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReadmeIT {

    @TempDir
    Path folder;

    @Test
    @Timeout(60)
    void theProgramOfTheReadmeSeesItsGreetingsInOrderAndEnds() {
        Path key = folder.resolve("totem.key");
        KeyFile.create(key);
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            Hello.main(
                    new String[] {"1", key.toString(), folder.resolve("state").toString()});
        } finally {
            System.setOut(console);
        }

        assertThat(printed.toString(UTF_8).lines().filter(line -> line.contains("greeting")))
                .hasSize(10)
                .allMatch(line -> line.startsWith("1."))
                .last()
                .asString()
                .endsWith("greeting 9 of node 1");
    }
}
