/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.benchmarks.load.LoadPlan;
import dev.totem.benchmarks.load.LoadReport;
import dev.totem.benchmarks.load.LoadRun;
import dev.totem.benchmarks.load.ReadMeters;
import dev.totem.cli.NodeOptions;
import dev.totem.cli.NodeStart;
import dev.totem.cli.TotemCommand;
import dev.totem.core.ConfigurationException;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code totem load}: one processor under load, one JSON line at the end. Main thread only. */
@Command(
        name = "load",
        description = "One processor under load, in a cluster whose other members run the same command.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
public final class LoadCommand implements Callable<Integer> {

    private static final String DEFAULT_GROUP = "load";

    @Spec
    CommandSpec spec;

    @Mixin
    NodeOptions node;

    @Option(names = "--members", required = true, paramLabel = "N", description = "members to wait for")
    int members;

    @Option(names = "--size", paramLabel = "BYTES", defaultValue = "1000", description = "payload bytes; default 1000")
    int size;

    @Option(names = "--warmup", paramLabel = "S", defaultValue = "5", description = "seconds of warm-up; default 5")
    double warmup;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "10", description = "seconds measured; default 10")
    double seconds;

    @Option(names = "--send", description = "this node sends; without it, it only receives")
    boolean send;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "0",
            description = "messages a second; default: as many as flow control admits")
    int rate;

    @Option(
            names = "--guarantee",
            paramLabel = "agreed|safe",
            defaultValue = "agreed",
            converter = GuaranteeConverter.class,
            description = "agreed (default) or safe")
    Guarantee guarantee;

    @Option(names = "--meters", description = "all meters of the node are bound to a registry and read each second")
    boolean meters;

    @Override
    public Integer call() throws JsonProcessingException {
        TotemConfig config = node.config();
        LoadPlan plan = plan(config);
        NodeStart totem = node.totem();
        GroupName group = GroupName.of(
                node.groups().isEmpty() ? DEFAULT_GROUP : node.groups().get(0));
        LoadRun run = new LoadRun(
                plan, group, Schedulers.newSingle("totem-lane", true), Schedulers.newSingle("totem-pace", true));

        TotemNode started = Objects.requireNonNull(totem.start(run::attach).block());
        node.announce();
        Disposable reading = meters ? ReadMeters.of(started) : Disposables.disposed();
        LoadReport report = Mono.firstWithSignal(run.report(), stopped(started)).block();
        System.out.println(new ObjectMapper().writeValueAsString(report));
        System.out.flush();
        reading.dispose();
        started.leave().block();
        return 0;
    }

    /** Never a value: the node stopped itself, or a signal made it leave. */
    private static Mono<LoadReport> stopped(TotemNode node) {
        return node.onClose().then(Mono.error(new IllegalStateException("the node ended before the run did")));
    }

    private LoadPlan plan(TotemConfig config) {
        require(members >= 1, "--members " + members + ": at least 1");
        require(
                size >= LoadPlan.SIZE_BYTES_MIN,
                "--size " + size + ": at least " + LoadPlan.SIZE_BYTES_MIN
                        + ", a message carries its sender's counter");
        require(warmup >= 0 && warmup <= 86_400, "--warmup " + warmup + ": from 0 to 86400 seconds");
        require(seconds > 0 && seconds <= 86_400, "--seconds " + seconds + ": more than 0, at most 86400");
        require(rate >= 0, "--rate " + rate + ": messages a second, or 0 for no limit");
        int bytesMax = config.get(Settings.MAX_MESSAGE_SIZE);
        if (size > bytesMax) {
            throw new ConfigurationException(
                    "size",
                    String.valueOf(size),
                    "larger than max-message-size (" + bytesMax + "); raise it with --set");
        }
        return new LoadPlan(members, size, duration(warmup), duration(seconds), send, rate, guarantee);
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), what);
        }
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    static final class GuaranteeConverter implements ITypeConverter<Guarantee> {
        @Override
        public Guarantee convert(String value) {
            return switch (value) {
                case "agreed" -> Guarantee.AGREED;
                case "safe" -> Guarantee.SAFE;
                default -> throw new TypeConversionException("'" + value + "' is neither agreed nor safe");
            };
        }
    }
}
