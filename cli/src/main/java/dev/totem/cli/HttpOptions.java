/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.console.TotemConsole;
import dev.totem.core.ConfigurationException;
import dev.totem.core.TotemNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a node shows how it is over HTTP. Main thread only. */
final class HttpOptions {

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            converter = HostPort.Converter.class,
            description =
                    "shows how the node is: a live page for browsers, and /status, /black-box and /events; port 0 takes one"
                            + " that is free. Read-only, without a password, on a loopback address only but with --http-remote")
    @Nullable
    HostPort http;

    @Option(
            names = "--http-remote",
            description =
                    "lets --http listen where other hosts reach it; nothing is encrypted, and everybody may read it")
    boolean remote;

    @Option(
            names = "--http-host",
            paramLabel = "NAME",
            description =
                    "a name by which --http may be asked, beside its own, localhost and addresses; repeated. Others are"
                            + " refused, as pages of strangers could use them")
    List<String> hosts = List.of();

    /** Before anything starts. */
    void check() {
        if (http == null && (remote || !hosts.isEmpty())) {
            throw usage((remote ? "--http-remote" : "--http-host") + " belongs to --http");
        }
    }

    /** A client of another process has no node to show. */
    void refuseBeside(String option) {
        if (http != null) {
            throw usage("--http shows a node, and with " + option + " there is none here: give it to totem serve");
        }
    }

    /** Listens, if that was asked for; before the node starts, so that nobody hears of one that cannot be shown. */
    private Optional<TotemConsole> listen() {
        HostPort at = http;
        if (at == null) {
            return Optional.empty();
        }
        TotemConsole.Builder plan = TotemConsole.ahead().bind(at.host(), at.port());
        if (remote) {
            plan = plan.allowRemote();
        }
        for (String host : hosts) {
            plan = plan.allowHost(host);
        }
        return Optional.of(Objects.requireNonNull(plan.start().block()));
    }

    /**
     * Starts a node that is shown, if that was asked for, and says on stderr where.
     *
     * @param onBound given the node before its first frame leaves, when it is shown already
     */
    TotemNode start(NodeStart start, Consumer<TotemNode> onBound) {
        Optional<TotemConsole> console = listen();
        try {
            TotemNode node = Objects.requireNonNull(start.start(bound -> {
                        console.ifPresent(shown -> shown.show(bound));
                        onBound.accept(bound);
                    })
                    .block());
            console.ifPresent(shown -> tell(node, shown));
            return node;
        } catch (RuntimeException failed) {
            console.ifPresent(shown -> shown.close().block());
            throw failed;
        }
    }

    /** Whether it could listen there now; empty if it is not to. */
    Optional<Finding> examine() {
        HostPort at = http;
        if (at == null) {
            return Optional.empty();
        }
        try {
            listen().ifPresent(console -> console.close().block());
            return Optional.of(Finding.ok("http", at + " is free"));
        } catch (ConfigurationException refused) {
            return Optional.of(Finding.bad(
                    "http", String.valueOf(refused.getMessage()), "see with 'ss -tlpn' who has a port that is taken"));
        }
    }

    private void tell(TotemNode node, TotemConsole console) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(spec.qualifiedName() + ": node " + node.id() + " is shown at " + console.url());
        err.flush();
    }

    private ParameterException usage(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
