/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks;

import dev.totem.benchmarks.cli.BenchCommand;
import dev.totem.benchmarks.cli.LoadCommand;
import dev.totem.cli.TotemCommand;
import picocli.CommandLine;

/** The {@code totem} command with what measures it. Main thread only. */
public final class Totem {

    private Totem() {}

    /** Exit status as {@link TotemCommand#main}. */
    public static void main(String[] args) {
        TotemCommand.run(args, subcommands());
    }

    static CommandLine commandLine() {
        return TotemCommand.commandLine(subcommands());
    }

    private static Object[] subcommands() {
        return new Object[] {new LoadCommand(), new BenchCommand()};
    }
}
