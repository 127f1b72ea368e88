/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The options that a command with a node of its own needs, and a client of an executive does not have. Main thread only. */
final class OwnNode {

    private static final List<String> OPTIONS = List.of(
            "--id",
            "--bind",
            "--transport",
            "--mcast",
            "--peer",
            "--discover",
            "--advertise",
            "--link",
            "--replication",
            "--suite",
            "--key",
            "--key-env",
            "--key-group",
            "--state-dir",
            "--quorum");

    private OwnNode() {}

    /** Not picocli's to ask for, as a client has neither. */
    static void askFor(@Nullable String id, @Nullable HostPort bind, CommandSpec spec) {
        List<String> missing = new ArrayList<>();
        if (id == null) {
            missing.add("'--id=N|auto'");
        }
        if (bind == null) {
            missing.add("'--bind=HOST:PORT'");
        }
        if (!missing.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing required option" + (missing.size() == 1 ? "" : "s") + ": " + String.join(", ", missing));
        }
    }

    /**
     * None of them is given beside this option.
     *
     * @param excepted one that means something there all the same
     */
    static void refuseBeside(String option, List<String> excepted, CommandSpec spec) {
        List<String> needless = spec.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(OPTIONS::contains)
                .filter(each -> !excepted.contains(each))
                .toList();
        if (!needless.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), option + " has no node of its own: leave out " + String.join(", ", needless));
        }
    }
}
