/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Settings;
import dev.totem.core.spi.PlainSeal;
import dev.totem.transport.Peer;
import dev.totem.transport.UdpTotem;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** Nodes on loopback sockets: in this JVM, or as processes. One thread. */
final class Lab implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(30);

    private static final Duration TOKEN = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final int NODES = 3;

    final Path folder;
    final LogLines log = new LogLines();

    private final Map<Integer, Integer> ports = new TreeMap<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    Lab(Path folder) throws IOException {
        this.folder = folder;
        for (int id = 1; id <= NODES; id++) {
            ports.put(id, freePort());
        }
    }

    static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }

    int port(int id) {
        return ports.getOrDefault(id, 0);
    }

    /** Ends with the test, last opened first. */
    <T extends AutoCloseable> T ending(T resource) {
        opened.add(resource);
        return resource;
    }

    /** A node that knows where all others are. */
    Member start(int id) throws IOException {
        return start(id, udp -> udp, "--suite none");
    }

    /**
     * A node.
     *
     * @param options those of {@code totem node} that say what was changed
     */
    Member start(int id, UnaryOperator<UdpTotem> change, String options) throws IOException {
        FaultyLink link = new FaultyLink();
        UdpTotem plan = UdpTotem.create()
                .nodeId(id)
                .bind("127.0.0.1", port(id))
                .peers(others(id)
                        .map(other -> Peer.of(other, "127.0.0.1", port(other)))
                        .toArray(Peer[]::new))
                .seal(PlainSeal.create())
                .config(config -> config.token(TOKEN).set(Settings.CLOSE_LIMIT, Duration.ofSeconds(1)))
                .stateDirectory(state(id))
                .link(link::around);
        return ending(new Member(change.apply(plan).start().block(SOON), link, options(id) + " " + options));
    }

    Path state(int id) throws IOException {
        return Files.createDirectories(folder.resolve("state-" + id));
    }

    /** The options of a node that knows all others, but for the suite. */
    String options(int id) throws IOException {
        return "--id " + id + " --bind 127.0.0.1:" + port(id) + " --state-dir " + state(id) + " "
                + others(id)
                        .map(other -> "--peer " + other + "@127.0.0.1:" + port(other))
                        .collect(Collectors.joining(" "));
    }

    private Stream<Integer> others(int id) {
        return ports.keySet().stream().filter(other -> other != id);
    }

    /** A node as a process of its own. */
    Process process(int id) throws IOException {
        Process process = new ProcessBuilder(java("dev.totem.cli.TotemCommand node --json --suite none --set token="
                        + TOKEN.toMillis() + "ms " + options(id)))
                .redirectError(folder.resolve("stderr-" + id).toFile())
                .redirectOutput(folder.resolve("stdout-" + id).toFile())
                .start();
        ending(process::destroyForcibly);
        return process;
    }

    static List<String> java(String words) {
        return Stream.of(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path")),
                        Stream.of(words.split(" +", -1)))
                .flatMap(each -> each)
                .toList();
    }

    static void signal(String name, Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Members that are one ring, of themselves and others. */
    static void awaitRing(Collection<Member> members, int... ids) {
        await("a ring of " + ids.length, () -> members.stream().allMatch(member -> member.isIn(ids)));
    }

    static void await(String what, BooleanSupplier holds) {
        assertThat(Flux.interval(Duration.ZERO, LOOK_EVERY)
                        .onBackpressureDrop()
                        .filter(tick -> holds.getAsBoolean())
                        .next()
                        .map(tick -> true)
                        .block(SOON))
                .as(what)
                .isTrue();
    }

    /** What is seen from now on comes of what is done now. */
    void fault(Member... members) {
        log.fault();
        Stream.of(members).forEach(Member::fault);
    }

    @Override
    public void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        log.close();
    }
}
