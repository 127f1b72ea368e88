/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long a command waits for what it asks. Main thread only. */
public final class TimeoutOption {

    private static final int SECONDS_MAX = 3_600;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "5",
            description = "how long to wait for an answer, 1 to 3600 s; default 5")
    int seconds;

    /** Picocli makes it. */
    public TimeoutOption() {}

    /** As it was given, or 5 s. */
    public Duration duration() {
        if (seconds < 1 || seconds > SECONDS_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout=" + seconds + ": from 1 to " + SECONDS_MAX + " s");
        }
        return Duration.ofSeconds(seconds);
    }
}
