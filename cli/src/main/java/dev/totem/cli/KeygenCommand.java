/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.security.KeyFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code totem keygen FILE} and {@code totem keygen --add FILE}. Main thread only. */
@Command(
        name = "keygen",
        description = "Writes a new random key, readable by its owner only; refuses to overwrite.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
final class KeygenCommand implements Callable<Integer> {

    @Option(
            names = "--add",
            description = "add a new key to an existing file; nobody seals with it before totem rekey says so")
    boolean add;

    @Parameters(paramLabel = "FILE", description = "the file to write; it must not exist, or with --add it must")
    Path file;

    @Override
    public Integer call() {
        if (add) {
            System.out.println("key " + KeyFile.add(file));
        } else {
            KeyFile.create(file);
        }
        return 0;
    }
}
