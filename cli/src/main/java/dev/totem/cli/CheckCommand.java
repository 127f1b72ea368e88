/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.NodeId;
import dev.totem.core.TotemException;
import dev.totem.testkit.internal.check.CheckOptions;
import dev.totem.testkit.internal.check.CheckReport;
import dev.totem.testkit.internal.check.EndStatement;
import dev.totem.testkit.internal.check.EvsChecker;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

    @Option(
            names = "--stable-end",
            paramLabel = "ID[,ID...]",
            description =
                    "states how the logs end: these nodes, all that were live, in one part of the network, without a"
                            + " fault until all was quiet; once for each part. Liveness is checked only with it")
    List<String> parts = List.of();

    @Override
    public Integer call() throws IOException {
        Optional<EndStatement> end = parts.isEmpty() ? Optional.empty() : Optional.of(new EndStatement(components()));
        JsonLogs logs = JsonLog.read(files);
        end.ifPresent(statement -> refuseUnknown(statement, logs.all()));
        EvsChecker checker = new EvsChecker(CheckOptions.ofProcesses().withFirstReplayed(logs.hasClients()));
        boolean passed = true;
        for (List<EvsLog> set : logs.sets()) {
            CheckReport report = checker.check(end.isPresent() && logs.hasClients() ? withoutSent(set) : set, end);
            print(set, report, spec.commandLine().getOut());
            passed &= report.passed();
        }
        return passed ? 0 : 1;
    }

    /** What a client sent is confirmed in its own log only, and delivered in all of its executive. */
    private static List<EvsLog> withoutSent(List<EvsLog> logs) {
        return logs.stream()
                .map(log -> new EvsLog(
                        log.process(),
                        log.life(),
                        log.events().stream()
                                .filter(event -> !(event instanceof LogEvent.Sent))
                                .toList()))
                .toList();
    }

    private List<SortedSet<NodeId>> components() {
        SortedSet<NodeId> seen = new TreeSet<>();
        List<SortedSet<NodeId>> components = new ArrayList<>();
        for (String part : parts) {
            SortedSet<NodeId> component = new TreeSet<>();
            for (String word : part.split(",", -1)) {
                NodeId node = node(word.strip());
                if (!seen.add(node)) {
                    throw wrong("--stable-end names node " + node + " twice: a node is in one part");
                }
                component.add(node);
            }
            components.add(component);
        }
        return components;
    }

    private NodeId node(String word) {
        try {
            return NodeId.of(Integer.parseInt(word));
        } catch (NumberFormatException | TotemException bad) {
            throw wrong("--stable-end: '" + word + "' is not a node id; give ids with commas between them");
        }
    }

    private void refuseUnknown(EndStatement end, List<EvsLog> logs) {
        Set<NodeId> known = logs.stream().map(EvsLog::process).collect(Collectors.toSet());
        end.components().stream()
                .flatMap(Set::stream)
                .filter(node -> !known.contains(node))
                .findFirst()
                .ifPresent(node -> {
                    throw wrong("--stable-end names node " + node + ", but no log is of it");
                });
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
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
