/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.client.ExecutiveAddress;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.server.GroupPatterns;
import dev.totem.server.TotemServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code totem serve}: an executive, until a signal ends it. Main thread only. */
@Command(
        name = "serve",
        description = "An executive: a node that applications in other processes attach to, until a signal ends it.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
final class ServeCommand implements Callable<Integer> {

    private static final Duration END_LIMIT = Duration.ofMillis(4_800);

    @Mixin
    NodeOptions node;

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "unix:PATH|tls:HOST:PORT",
            converter = AttachOptions.AddressConverter.class,
            description =
                    "where clients attach: unix:PATH, a socket for processes of the same user; tls:HOST:PORT, for those"
                            + " with a certificate or a token, who may do what --allow says; repeated")
    List<ExecutiveAddress> listen = List.of();

    @Option(
            names = "--lease",
            paramLabel = "MS",
            defaultValue = "10000",
            description = "how long the place of a client without a connection is kept, ms; default ${DEFAULT-VALUE}")
    int leaseMillis;

    @Mixin
    HttpOptions http;

    @Mixin
    TlsOptions tls;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "for tls: a line NAME TOKEN for each client without a certificate; mode 0600")
    @Nullable
    Path tokens;

    @Option(
            names = "--allow",
            paramLabel = "FILE",
            description =
                    "who may do what: lines WHO WHAT PATTERN, as in token:NAME join,send orders.*; default: all for"
                            + " processes of the same user, nothing for others")
    @Nullable
    Path allow;

    @Override
    public Integer call() {
        HeapWatch.start(TotemCommand::endWithoutMemory);
        if (!node.groups().isEmpty()) {
            throw new ParameterException(
                    node.spec.commandLine(), "an executive joins no groups itself: its clients do, without --join");
        }
        http.check();
        TotemConfig config = node.config();
        TotemNode started = http.start(node.totem(), bound -> {});
        try {
            node.announce();
            TotemServer.Builder plan = TotemServer.on(started)
                    .lease(Duration.ofMillis(leaseMillis))
                    .tls(tls.files())
                    .maxMessageSize(config.get(Settings.MAX_MESSAGE_SIZE));
            if (tokens != null) {
                plan = plan.tokens(tokens);
            }
            if (allow != null) {
                plan = plan.authorization(GroupPatterns.read(allow));
            }
            for (ExecutiveAddress address : listen) {
                plan = plan.listen(address);
            }
            TotemServer server = Objects.requireNonNull(plan.bind().block());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> leaveOnSignal(server, started), "totem-signal"));
            System.out.println("node " + started.id() + " serves at "
                    + server.addresses().stream().map(Object::toString).collect(Collectors.joining(", ")));
            System.out.flush();
            started.onClose().block();
            return 0;
        } finally {
            if (!started.isDisposed()) {
                started.leave().block(END_LIMIT);
            }
        }
    }

    /** Clients' sends are ordered first, then the node leaves. */
    private static void leaveOnSignal(TotemServer server, TotemNode node) {
        if (!node.isDisposed()) {
            server.close()
                    .onErrorComplete()
                    .then(node.leave())
                    .onErrorComplete()
                    .block(END_LIMIT);
        }
    }
}
