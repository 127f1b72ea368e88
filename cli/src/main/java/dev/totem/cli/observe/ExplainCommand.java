/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import dev.totem.cli.TotemCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code totem explain HOST:PORT}. Main thread only. */
@Command(
        name = "explain",
        description = "Says why the configuration of a running node has changed, and what keeps it from being ready.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
public final class ExplainCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    AskedNode asked;

    @Option(names = "--json", description = "a line of JSON a change, the last line how the node is now")
    boolean json;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "5",
            description = "how many changes at most, the last of them; default 5")
    int last;

    /** Picocli makes it. */
    public ExplainCommand() {}

    @Override
    public Integer call() throws IOException {
        if (last < 1) {
            throw new ParameterException(spec.commandLine(), "--last=" + last + ": at least 1");
        }
        NodeHttp http = asked.http();
        NodeStatus status = http.status();
        List<Explanation> all = Explanation.of(status, BoxLine.of(http.blackBox()));
        List<Explanation> shown = all.subList(Math.max(0, all.size() - last), all.size());
        ExplanationText text = new ExplanationText(new Moments(ZoneId.systemDefault()));
        PrintWriter out = spec.commandLine().getOut();
        (json ? text.json(status, shown) : text.lines(status, shown)).forEach(out::println);
        out.flush();
        return 0;
    }
}
