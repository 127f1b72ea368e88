/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import dev.totem.cli.TotemCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code totem status HOST:PORT}. Main thread only. */
@Command(
        name = "status",
        description = "Says how a running node is: health, ring, members, keys, rates. Status 1 if it is not ready.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
public final class StatusCommand implements Callable<Integer> {

    /** Rates over less than this say little; the next document comes after a second. */
    private static final long RATE_MILLIS_MIN = 500;

    private static final long RATE_MILLIS_MAX = 3_000;

    @Spec
    CommandSpec spec;

    @Mixin
    AskedNode asked;

    @Option(names = "--json", description = "the document of the node as it is, one line")
    boolean json;

    /** Picocli makes it. */
    public StatusCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        NodeHttp http = asked.http();
        PrintWriter out = spec.commandLine().getOut();
        NodeStatus status;
        if (json) {
            byte[] document = http.statusDocument();
            status = NodeStatus.read(asked.toString(), document);
            out.println(NodeStatus.oneLine(document));
        } else {
            NodeStatus first = http.status();
            Optional<NodeStatus> later = later(http, first);
            status = later.orElse(first);
            new StatusText(new Moments(ZoneId.systemDefault()))
                    .lines(status, later.flatMap(second -> Rates.between(first, second)))
                    .forEach(out::println);
        }
        out.flush();
        return status.health().isReady() ? 0 : 1;
    }

    private static Optional<NodeStatus> later(NodeHttp http, NodeStatus first) throws InterruptedException {
        try {
            return Optional.of(StatusEvents.first(http, status -> status.millis() - first.millis() >= RATE_MILLIS_MIN)
                    .get(RATE_MILLIS_MAX, TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException noRates) {
            return Optional.empty();
        }
    }
}
