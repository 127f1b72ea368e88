/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.cli;

import dev.totem.core.check.CheckOptions;
import dev.totem.core.check.CheckReport;
import dev.totem.core.check.EvsChecker;
import dev.totem.core.check.EvsLog;
import dev.totem.core.check.LogEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code totem check LOG…}. Main thread only. */
@Command(
        name = "check",
        description = "Checks Extended Virtual Synchrony over the logs of several nodes.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
final class CheckCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "LOG",
            description = "output of totem node --json, one file a process life; all lives of all nodes")
    List<Path> files;

    @Override
    public Integer call() throws IOException {
        List<EvsLog> logs = JsonLog.read(files);
        CheckReport report = new EvsChecker(CheckOptions.ofProcesses()).check(logs, Optional.empty());
        print(logs, report, spec.commandLine().getOut());
        return report.passed() ? 0 : 1;
    }

    /** The counts of each rule, then what was found; the verdict is the last line. */
    private static void print(List<EvsLog> logs, CheckReport report, PrintWriter out) {
        long deliveries = logs.stream()
                .flatMap(log -> log.events().stream())
                .filter(LogEvent.Deliver.class::isInstance)
                .count();
        out.printf("%d logs, %,d deliveries%n", logs.size(), deliveries);
        report.checked().forEach((rule, count) -> out.printf("%-9s %,14d  %s%n", rule, count, rule.sentence()));
        out.println(report.text());
        out.flush();
    }
}
