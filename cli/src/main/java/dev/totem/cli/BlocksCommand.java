/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static java.util.Objects.requireNonNull;

import dev.totem.cli.InputLines.Line;
import dev.totem.client.TotemClient;
import dev.totem.core.EvsHandle;
import dev.totem.core.Quorum;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.scheduler.Schedulers;

/** {@code totem blocks}: one node with one of each building block, for tools. Main thread only. */
@Command(
        name = "blocks",
        description =
                "One node with a map, counters, locks, elections and queues: commands on stdin, answers on stdout.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
final class BlocksCommand implements Callable<Integer> {

    private static final int LINE_BYTES_BESIDE_DATA = 1 << 16;
    private static final long END_MILLIS_MAX = 4_800;

    @Mixin
    NodeOptions node;

    @Mixin
    AttachOptions attach;

    @Spec
    CommandSpec spec;

    @Option(names = "--json", required = true, description = "one JSON object a line on stdin and stdout")
    boolean json;

    @Option(
            names = "--expect",
            paramLabel = "N",
            description = "how many nodes must be there before an empty state begins; default: all of the quorum")
    @Nullable
    Integer expect;

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        HeapWatch.start(TotemCommand::endWithoutMemory);
        TotemConfig config = node.config();
        NodeBlocks.Options options = options(config);
        if (attach.isGiven()) {
            node.refuseBeside("--attach", "--quorum");
        }
        BlocksWriter out = new BlocksWriter(new JsonEventWriter(new FileOutputStream(FileDescriptor.out)));
        BlocksSession session = new BlocksSession(Schedulers.newSingle("totem-lane", true), out, options);

        begin(session);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leaveOnSignal(session), "totem-signal"));
        InputLines lines =
                new InputLines(System.in, config.get(Settings.MAX_MESSAGE_SIZE) * 2 + LINE_BYTES_BESIDE_DATA);
        Thread input = new Thread(() -> read(lines, session), "totem-stdin");
        input.setDaemon(true);
        input.start();

        Optional<Throwable> failure = session.ended().get();
        if (failure.isPresent()) {
            throw failure.get() instanceof RuntimeException known ? known : new IllegalStateException(failure.get());
        }
        return 0;
    }

    private void begin(BlocksSession session) throws IOException {
        if (attach.isGiven()) {
            TotemClient client = attach.connect();
            EvsHandle handle = requireNonNull(client.openHandle(session.lane()).block());
            session.attach(Processor.of(client), client, handle, node.groups());
            return;
        }
        node.totem()
                .start(bound ->
                        session.attach(Processor.of(bound), bound, bound.openHandle(session.lane()), node.groups()))
                .block();
        node.announce();
    }

    private NodeBlocks.Options options(TotemConfig config) {
        Quorum chosen = config.quorum();
        if (node.quorum == null) {
            throw usage("--quorum is needed: majority:N, of how many nodes a majority decides, or none");
        }
        int replicas = Math.max(1, chosen.nodes());
        if (expect != null && (expect < 1 || expect > replicas)) {
            throw usage("--expect " + expect + ": from 1 to the " + replicas + " nodes of --quorum " + chosen);
        }
        return new NodeBlocks.Options(chosen, expect == null ? replicas : expect, lease(config));
    }

    /** Long enough for what is held to be kept while a ring is formed without somebody who crashed. */
    private static Duration lease(TotemConfig config) {
        return config.get(Settings.TOKEN)
                .plus(config.get(Settings.CONSENSUS))
                .multipliedBy(7)
                .dividedBy(4);
    }

    private ParameterException usage(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private static void read(InputLines lines, BlocksSession session) {
        BlocksRequestParser parser = new BlocksRequestParser();
        try {
            Optional<Line> line = lines.read();
            for (long number = 1; line.isPresent() && !session.isQuitting(); number++) {
                accept(number, line.get(), parser, session);
                line = session.isQuitting() ? Optional.empty() : lines.read();
            }
        } catch (IOException gone) {
            session.refuse(Optional.empty(), "input is gone: " + gone.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        session.quit();
    }

    private static void accept(long number, Line line, BlocksRequestParser parser, BlocksSession session)
            throws InterruptedException {
        if (line.tooLong()) {
            session.refuse(Optional.empty(), "line " + number + " is longer than the largest message");
            return;
        }
        try {
            session.accept(parser.parse(line.bytes()));
        } catch (BadRequestException bad) {
            session.refuse(bad.tag(), "line " + number + ": " + bad.getMessage());
        }
    }

    /** A signal ends the node like {@code quit} does, with the same exit status. */
    private static void leaveOnSignal(BlocksSession session) {
        if (session.ended().isDone()) {
            return;
        }
        session.quit();
        int status = 0;
        try {
            status = session.ended().get(END_MILLIS_MAX, TimeUnit.MILLISECONDS).isPresent() ? 1 : 0;
        } catch (InterruptedException | ExecutionException | TimeoutException late) {
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }
}
