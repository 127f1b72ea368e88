/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.cli.InputLines.Line;
import dev.totem.client.TotemClient;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Quorum;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.scheduler.Schedulers;

/** {@code totem node}: one processor with one handle, for tools ({@code --json}) or for a person. Main thread only. */
@Command(
        name = "node",
        description = "One processor with one handle: commands on stdin, events on stdout.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
final class NodeCommand implements Callable<Integer> {

    private static final String PERSONS_GROUP = "lobby";
    private static final int LINE_BYTES_BESIDE_DATA = 1 << 16;
    private static final long END_MILLIS_MAX = 4_800;

    @Mixin
    NodeOptions node;

    @Option(names = "--json", description = "one JSON object a line on stdin and stdout")
    boolean json;

    @Mixin
    AttachOptions attach;

    @Mixin
    HttpOptions http;

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        HeapWatch.start(TotemCommand::endWithoutMemory);
        TotemConfig config = node.config();
        List<GroupName> groups = groups();
        if (attach.isGiven()) {
            node.refuseBeside("--attach");
            http.refuseBeside("--attach");
        }
        http.check();
        EventWriter out = json
                ? new JsonEventWriter(new FileOutputStream(FileDescriptor.out))
                : new ReadableEventWriter(System.out, Ansi.AUTO);
        RequestParser parser =
                json ? new JsonRequestParser(config.get(Settings.MAX_MESSAGE_SIZE)) : new TypedRequestParser();
        NodeSession session = new NodeSession(
                Schedulers.newSingle("totem-lane", true), out, attach.isGiven() ? Quorum.none() : config.quorum());

        begin(session, groups);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leaveOnSignal(session), "totem-signal"));
        InputLines lines =
                new InputLines(System.in, config.get(Settings.MAX_MESSAGE_SIZE) / 3 * 4 + LINE_BYTES_BESIDE_DATA);
        Thread input = new Thread(() -> read(lines, parser, session), "totem-stdin");
        input.setDaemon(true);
        input.start();

        Optional<Throwable> failure = session.ended().get();
        if (failure.isPresent()) {
            throw failure.get() instanceof RuntimeException known ? known : new IllegalStateException(failure.get());
        }
        return 0;
    }

    private void begin(NodeSession session, List<GroupName> groups) throws IOException {
        if (!attach.isGiven()) {
            http.start(node.totem(), bound -> session.attach(bound, groups));
            node.announce();
            return;
        }
        TotemClient client = attach.connect();
        EvsHandle handle =
                Objects.requireNonNull(client.openHandle(session.lane()).block());
        session.attach(Processor.of(client), handle, groups);
    }

    private List<GroupName> groups() {
        List<String> names = node.groups.isEmpty() && !json ? List.of(PERSONS_GROUP) : node.groups;
        return names.stream().map(GroupName::of).toList();
    }

    private void read(InputLines lines, RequestParser parser, NodeSession session) {
        try {
            Optional<Line> line = lines.read();
            for (long number = 1; line.isPresent() && !session.isQuitting(); number++) {
                accept(number, line.get(), parser, session);
                line = session.isQuitting() ? Optional.empty() : lines.read();
            }
        } catch (IOException gone) {
            session.refuse(Optional.empty(), "input is gone: " + gone.getMessage());
        }
        session.quit();
    }

    private void accept(long number, Line line, RequestParser parser, NodeSession session) {
        if (line.tooLong()) {
            session.refuse(Optional.empty(), "line " + number + " is longer than the largest message");
        } else if (json || line.bytes().length > 0) {
            try {
                session.accept(parser.parse(line.bytes()));
            } catch (BadRequestException bad) {
                session.refuse(bad.tag(), "line " + number + ": " + bad.getMessage());
            }
        }
    }

    /** A signal ends the node like {@code quit} does, with the same exit status. */
    private static void leaveOnSignal(NodeSession session) {
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
