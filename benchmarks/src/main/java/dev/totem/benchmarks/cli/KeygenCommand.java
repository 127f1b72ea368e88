/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.cli;

import dev.totem.security.KeyFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code totem keygen FILE}. Main thread only. */
@Command(
        name = "keygen",
        description = "Writes a new random key, readable by its owner only; refuses to overwrite.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
final class KeygenCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "the file to write; it must not exist")
    Path file;

    @Override
    public Integer call() {
        KeyFile.create(file);
        return 0;
    }
}
