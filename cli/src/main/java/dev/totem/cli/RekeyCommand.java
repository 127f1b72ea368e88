/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.ConfigChange;
import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.TotemNode;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * {@code totem rekey KEY}: joins the ring with an id of its own, lets all members seal with another key, and leaves. Main
 * thread only.
 */
@Command(
        name = "rekey",
        description = "Joins a ring as one more member, makes all members seal with another key, and leaves.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
final class RekeyCommand implements Callable<Integer> {

    @Mixin
    NodeOptions node;

    @Option(
            names = "--members",
            paramLabel = "N",
            defaultValue = "2",
            description = "members to wait for, this one included; default 2")
    int members;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "30",
            description = "seconds to wait for the members, and for the switch; default 30")
    int timeoutSeconds;

    @Option(
            names = "--without",
            paramLabel = "ID",
            description = "a member that is left out, as it is not trusted any more and does not have the key")
    @Nullable
    Integer without;

    @Parameters(paramLabel = "KEY", description = "the number of the key in the key file, from totem keygen --add")
    int key;

    @Override
    public Integer call() {
        if (members < 1 || timeoutSeconds < 1) {
            throw new ParameterException(node.spec.commandLine(), "--members and --timeout are at least 1");
        }
        Integer left = without;
        if (left != null && left < 1) {
            throw new ParameterException(node.spec.commandLine(), "--without is the id of a member, at least 1");
        }
        Duration timeout = Duration.ofSeconds(timeoutSeconds);
        NodeStart totem = node.totem();
        Sinks.Empty<Void> complete = Sinks.empty();
        TotemNode started = Objects.requireNonNull(
                totem.start(bound -> watch(bound, complete)).block());
        try {
            Mono<Position> ended = started.onClose().then(Mono.error(() -> failed("the node ended first")));
            Position position = Objects.requireNonNull(Mono.firstWithSignal(
                            complete.asMono()
                                    .timeout(timeout, Mono.error(() -> failed("there were no " + members + " members")))
                                    .then((left == null ? started.rekey(key) : started.expel(NodeId.of(left), key))
                                            .timeout(timeout, Mono.error(() -> failed("the switch took too long")))),
                            ended)
                    .block());
            System.out.println("all members seal with key " + key + " since " + position);
            return 0;
        } finally {
            started.leave().block();
        }
    }

    /** Tells when the ring is large enough. */
    private void watch(TotemNode bound, Sinks.Empty<Void> complete) {
        bound.openHandle()
                .events()
                .subscribe(
                        event -> {
                            if (event instanceof ConfigChange change
                                    && change.isRegular()
                                    && change.members().size() >= members) {
                                complete.tryEmitEmpty();
                            }
                        },
                        complete::tryEmitError);
    }

    private ConfigurationException failed(String what) {
        return new ConfigurationException(
                "key",
                String.valueOf(key),
                what + " within " + timeoutSeconds + " s; look at the members, or allow more with --timeout");
    }
}
