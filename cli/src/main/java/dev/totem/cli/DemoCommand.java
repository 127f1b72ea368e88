/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import dev.totem.testkit.internal.check.CheckOptions;
import dev.totem.testkit.internal.check.CheckReport;
import dev.totem.testkit.internal.check.EndStatement;
import dev.totem.testkit.internal.check.EvsChecker;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.transport.Peer;
import dev.totem.transport.UdpTotem;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;

/** {@code totem demo}: a ring of three on loopback is formed, cut, healed and checked. Main thread only. */
@Command(
        name = "demo",
        description = "Three processors on loopback, sealed: they order messages, are cut apart, and merge again.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
final class DemoCommand implements Callable<Integer> {

    private static final int NODES = 3;
    private static final int BURST = 4;
    private static final Duration TOKEN = Duration.ofMillis(300);
    private static final Duration LIMIT = Duration.ofSeconds(17);
    private static final String LOOPBACK = "127.0.0.1";

    @Spec
    CommandSpec spec;

    private final long startNanos = System.nanoTime();

    /** Everybody's last processor is the one to be cut off. */
    private final List<DemoProcessor> processors = new ArrayList<>();

    private int sentByAll;
    private volatile boolean isOver;

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
        Path folder = Files.createTempDirectory("totem-demo");
        List<TotemNode> nodes = new ArrayList<>();
        try {
            start(folder, nodes);
            return verdict(play());
        } catch (TimeoutException late) {
            say("FAILED: not within %d s: %s", LIMIT.toSeconds(), String.valueOf(late.getMessage()));
            return 1;
        } finally {
            isOver = true; // the verdict is the last line
            Flux.fromIterable(nodes).flatMap(TotemNode::leave).blockLast();
            delete(folder);
        }
    }

    private void start(Path folder, List<TotemNode> nodes) throws IOException {
        Path key = folder.resolve("totem.key");
        KeyFile.create(key);
        List<Peer> peers = freePeers();
        say("Three processors on loopback, datagrams sealed with AES-256-GCM, token timeout %d ms:", TOKEN.toMillis());
        say("  %s", peers.stream().map(Peer::toString).collect(Collectors.joining("  ")));
        for (Peer peer : peers) {
            DemoProcessor processor = new DemoProcessor(peer.id().value(), this::narrate);
            processors.add(processor);
            TotemNode node = UdpTotem.create()
                    .nodeId(peer.id().value())
                    .bind(peer.host(), peer.port())
                    .peers(peers.toArray(Peer[]::new))
                    .seal(AeadSeal.fromKeyFile(key))
                    .config(config -> config.cluster("demo").token(TOKEN))
                    .stateDirectory(folder.resolve("state-" + peer.id()))
                    .link(processor::cuttable)
                    .onBound(processor::attach)
                    .start()
                    .block();
            nodes.add(node);
        }
    }

    private CheckReport play() throws InterruptedException, ExecutionException, TimeoutException {
        DemoProcessor lonely = processors.get(NODES - 1);
        List<DemoProcessor> others = processors.subList(0, NODES - 1);

        say("1. They find each other and form one ring.");
        expect("one ring of three", processors, members(processors));

        say("2. All three send at once, AGREED and SAFE. Everybody delivers the same order:");
        sendFrom(processors);
        expect("all messages everywhere", processors, seen(sentByAll));
        showOrder(processors.get(0));

        say("3. Node %s is cut off: nothing leaves it, nothing reaches it. Both sides notice and go on.", lonely.id());
        lonely.cut(true);
        expect("a ring of those left", others, members(others));
        expect("a ring of the one cut off", List.of(lonely), members(List.of(lonely)));
        int before = sentByAll;
        sendFrom(others);
        expect("messages of the majority", others, seen(sentByAll));
        int alone = sendFrom(List.of(lonely));
        expect("messages of the one cut off", List.of(lonely), seen(before + alone));
        say(
                "   nodes %s ordered %d more messages, node %s %d of its own.",
                ids(others), sentByAll - alone - before, lonely.id(), alone);

        say("4. The cable is mended. The rings merge; messages are not mixed up afterwards:");
        lonely.cut(false);
        expect("one ring of three again", processors, members(processors));
        int afterMerge = sendFrom(processors);
        int here = sentByAll - alone;
        int there = before + alone + afterMerge;
        expect("all messages everywhere", others, seen(here));
        expect("all messages everywhere", List.of(lonely), seen(there));
        expect("an answer to every send", processors, DemoProcessor.View::isQuiet);

        say("5. The three logs are checked against Extended Virtual Synchrony.");
        List<EvsLog> logs = new ArrayList<>();
        for (DemoProcessor processor : processors) {
            logs.add(await("its log", processor.log()));
        }
        EndStatement whole = new EndStatement(List.of(new TreeSet<>(ids(processors))));
        return new EvsChecker(CheckOptions.complete()).check(logs, Optional.of(whole));
    }

    private int verdict(CheckReport report) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        if (report.passed()) {
            say(
                    "OK: one order of %d messages through a partition and a merge, %,d checks, no violation, %.1f s",
                    sentByAll, report.checks(), seconds);
            return 0;
        }
        report.violations().forEach(violation -> say("%s", violation));
        say(
                "FAILED: %d violations of Extended Virtual Synchrony, %.1f s",
                report.violations().size(), seconds);
        return 1;
    }

    private int sendFrom(List<DemoProcessor> senders) {
        for (DemoProcessor sender : senders) {
            sender.send(BURST / 2, Guarantee.AGREED);
            sender.send(BURST / 2, Guarantee.SAFE);
        }
        int sent = senders.size() * BURST;
        sentByAll += sent;
        return sent;
    }

    private void showOrder(DemoProcessor processor) throws InterruptedException, ExecutionException, TimeoutException {
        List<String> order = new ArrayList<>();
        await("its order", processor.expect(view -> order.addAll(view.order())));
        say("   %s", String.join(" ", order));
    }

    private static Predicate<DemoProcessor.View> members(List<DemoProcessor> processors) {
        List<NodeId> members = ids(processors);
        return view -> view.members().equals(members);
    }

    private static Predicate<DemoProcessor.View> seen(int messages) {
        return view -> view.order().size() >= messages;
    }

    private void expect(String what, List<DemoProcessor> who, Predicate<DemoProcessor.View> holds)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (DemoProcessor processor : who) {
            await(what + " (node " + processor.id() + ")", processor.expect(holds));
        }
    }

    private <T> T await(String what, CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        long left = LIMIT.toNanos() - (System.nanoTime() - startNanos);
        try {
            return future.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new TimeoutException(what);
        }
    }

    private static List<NodeId> ids(List<DemoProcessor> processors) {
        return processors.stream().map(DemoProcessor::id).toList();
    }

    /** Ports that were free a moment ago. */
    private static List<Peer> freePeers() throws IOException {
        List<DatagramSocket> sockets = new ArrayList<>();
        List<Peer> peers = new ArrayList<>();
        try {
            for (int id = 1; id <= NODES; id++) {
                DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                peers.add(Peer.of(id, LOOPBACK, socket.getLocalPort()));
            }
        } finally {
            sockets.forEach(DatagramSocket::close);
        }
        return peers;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private void narrate(String line) {
        if (!isOver) {
            say("%s", line);
        }
    }

    private synchronized void say(String format, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%5.2f s  ", (System.nanoTime() - startNanos) / 1e9);
        out.printf(format + "%n", values);
        out.flush();
    }
}
