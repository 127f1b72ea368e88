/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.testkit.internal.lab.NetLab;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Some {@code totem node --json} processes with a key in common. One thread. */
final class Cluster implements AutoCloseable {

    private static final byte[] LAST = "the last message".getBytes(StandardCharsets.UTF_8);

    private static final List<String> NODE = List.of("node", "--json", "--join", "lab");

    private static final Duration QUIET = Duration.ofSeconds(15);

    private final Path folder;
    private final Path key;
    private final int heapMegabytes;
    private final List<String> settings;

    /** What only one node is told: its address and its way to the others. */
    private final IntFunction<List<String>> addresses;

    /** What comes before the command: where it runs. */
    private final IntFunction<List<String>> prefix;

    private final Map<Integer, NodeProcess> running = new TreeMap<>();
    private final List<NodeProcess> lives = new ArrayList<>();

    private Cluster(
            Path folder,
            int heapMegabytes,
            List<String> settings,
            IntFunction<List<String>> addresses,
            IntFunction<List<String>> prefix)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.heapMegabytes = heapMegabytes;
        this.settings = settings;
        this.addresses = addresses;
        this.prefix = prefix;
        this.key = folder.resolve("cluster.key");
        Totem.Run keygen = Totem.run(folder, Duration.ofSeconds(20), "keygen", key.toString());
        assertThat(keygen.status()).as(keygen.err()).isZero();
    }

    /** Nodes 1 to {@code nodes} on loopback, unicast. */
    static Cluster onLoopback(Path folder, int nodes, int heapMegabytes, String... settings)
            throws IOException, InterruptedException {
        return onLoopback(folder, freePorts(nodes), List.of(), heapMegabytes, settings);
    }

    /** As {@link #onLoopback(Path, int, int, String...)}, with one more peer, at a port of the test's. */
    static Cluster onLoopbackWith(int strangerPort, Path folder, int[] ports, int heapMegabytes, String... settings)
            throws IOException, InterruptedException {
        List<String> stranger = List.of("--peer", ports.length + 1 + "@127.0.0.1:" + strangerPort);
        return onLoopback(folder, ports, stranger, heapMegabytes, settings);
    }

    /** Nodes on loopback, unicast, that reach each other through a recorder only. */
    static Cluster onLoopbackThrough(Recorder recorder, Path folder, int[] ports, int heapMegabytes, String... settings)
            throws IOException, InterruptedException {
        return through(recorder, folder, ports, List.of(), heapMegabytes, settings);
    }

    /** The same with the suite none. */
    static Cluster plainThrough(Recorder recorder, Path folder, int[] ports, int heapMegabytes, String... settings)
            throws IOException, InterruptedException {
        return through(recorder, folder, ports, List.of("--suite", "none"), heapMegabytes, settings);
    }

    /** Nodes on loopback with the suite none, by a multicast group. */
    static Cluster plainByGroup(String group, Path folder, int[] ports, int heapMegabytes, String... settings)
            throws IOException, InterruptedException {
        return new Cluster(
                folder,
                heapMegabytes,
                List.of(settings),
                id -> List.of(
                        "--bind",
                        "127.0.0.1:" + ports[id - 1],
                        "--transport",
                        "multicast",
                        "--mcast",
                        group,
                        "--suite",
                        "none"),
                id -> List.of());
    }

    private static Cluster through(
            Recorder recorder, Path folder, int[] ports, List<String> more, int heapMegabytes, String... settings)
            throws IOException, InterruptedException {
        List<List<String>> words = new ArrayList<>();
        for (int id = 1; id <= ports.length; id++) {
            List<String> own =
                    new ArrayList<>(List.of("--bind", "127.0.0.1:" + ports[id - 1], "--transport", "unicast"));
            own.addAll(more);
            for (int peer = 1; peer <= ports.length; peer++) {
                own.add("--peer");
                own.add(peer + "@127.0.0.1:" + (peer == id ? ports[id - 1] : recorder.portOf(peer, id)));
            }
            words.add(own);
        }
        return new Cluster(folder, heapMegabytes, List.of(settings), id -> words.get(id - 1), id -> List.of());
    }

    private static Cluster onLoopback(
            Path folder, int[] ports, List<String> more, int heapMegabytes, String... settings)
            throws IOException, InterruptedException {
        int nodes = ports.length;
        List<String> peers = new ArrayList<>(more);
        for (int id = 1; id <= nodes; id++) {
            peers.add("--peer");
            peers.add(id + "@127.0.0.1:" + ports[id - 1]);
        }
        return new Cluster(
                folder,
                heapMegabytes,
                List.of(settings),
                id -> {
                    List<String> words =
                            new ArrayList<>(List.of("--bind", "127.0.0.1:" + ports[id - 1], "--transport", "unicast"));
                    words.addAll(peers);
                    return words;
                },
                id -> List.of());
    }

    /** One node a host of the lab, multicast. */
    static Cluster inLab(Path folder, NetLab lab, String... settings) throws IOException, InterruptedException {
        return new Cluster(
                folder,
                192,
                List.of(settings),
                id -> List.of(
                        "--bind", lab.address(id) + ":5405", "--transport", "multicast", "--mcast", "239.192.7.1:5405"),
                lab::inside);
    }

    /** One node a host of the lab, unicast; the list names these hosts, whether they are in the lab or not. */
    static Cluster inLabOneByOne(Path folder, NetLab lab, int listed, String... settings)
            throws IOException, InterruptedException {
        List<String> peers = new ArrayList<>();
        for (int id = 1; id <= listed; id++) {
            peers.add("--peer");
            peers.add(id + "@" + lab.address(id) + ":5405");
        }
        return new Cluster(
                folder,
                192,
                List.of(settings),
                id -> {
                    List<String> words =
                            new ArrayList<>(List.of("--bind", lab.address(id) + ":5405", "--transport", "unicast"));
                    words.addAll(peers);
                    return words;
                },
                lab::inside);
    }

    /** One node a host of the lab, connected by TCP; each knows all others by a list, or the address of one of them. */
    static Cluster inLabByTcp(Path folder, NetLab lab, int nodes, boolean listed, String... settings)
            throws IOException, InterruptedException {
        return new Cluster(
                folder,
                192,
                List.of(settings),
                id -> {
                    List<String> words =
                            new ArrayList<>(List.of("--bind", lab.address(id) + ":5405", "--transport", "tcp"));
                    for (int peer = 1; listed && peer <= nodes; peer++) {
                        words.addAll(List.of("--peer", peer + "@" + lab.address(peer) + ":5405"));
                    }
                    if (!listed) {
                        words.addAll(List.of("--discover", "static:" + lab.address(Math.max(1, id - 1)) + ":5405"));
                    }
                    return words;
                },
                lab::inside);
    }

    /** One node a host of the lab, by a group while all hear each other by it, else one by one; each knows one other. */
    static Cluster inLabByBoth(Path folder, NetLab lab, int nodes) throws IOException, InterruptedException {
        return new Cluster(
                folder,
                192,
                List.of(),
                id -> List.of(
                        "--bind",
                        lab.address(id) + ":5405",
                        "--transport",
                        "auto",
                        "--mcast",
                        "239.192.7.1:5406",
                        "--discover",
                        "static:" + lab.address(1 + id % nodes) + ":5405"),
                lab::inside);
    }

    /** One node a host of the lab, on both networks, by groups or one by one. */
    static Cluster onTwoNetworks(Path folder, NetLab lab, int nodes, boolean multicast, String replication)
            throws IOException, InterruptedException {
        return new Cluster(
                folder,
                192,
                List.of(),
                id -> {
                    List<String> words = new ArrayList<>(
                            List.of("--bind", lab.address(id) + ":5405", "--replication", replication, "--link"));
                    String second = "2=" + lab.secondAddress(id) + ":5405";
                    if (multicast) {
                        words.addAll(List.of(second, "--transport", "multicast", "--mcast", "239.192.7.1:5405"));
                        return words;
                    }
                    words.add(IntStream.rangeClosed(1, nodes)
                            .mapToObj(peer -> peer + "@" + lab.secondAddress(peer) + ":5405")
                            .collect(Collectors.joining(",", second + ",", "")));
                    for (int peer = 1; peer <= nodes; peer++) {
                        words.addAll(List.of("--peer", peer + "@" + lab.address(peer) + ":5405"));
                    }
                    return words;
                },
                lab::inside);
    }

    /** One node a host of the lab, which knows one name; names are looked up as this file says. */
    static Cluster inLabByName(Path folder, NetLab lab, String name, Path resolver)
            throws IOException, InterruptedException {
        return new Cluster(
                folder,
                192,
                List.of(),
                id -> List.of("--bind", lab.address(id) + ":5405", "--discover", "dns:" + name),
                id -> lab.inside(id, resolver));
    }

    /** One node a host of the lab, bound to its interface, whatever the address; each knows the first address of all. */
    static Cluster inLabByInterface(Path folder, NetLab lab, int nodes) throws IOException, InterruptedException {
        String all = IntStream.rangeClosed(1, nodes)
                .mapToObj(host -> lab.address(host) + ":5405")
                .collect(Collectors.joining(","));
        return new Cluster(
                folder,
                192,
                List.of(),
                id -> List.of("--bind", "eth0:5405", "--discover", "static:" + all),
                lab::inside);
    }

    /** One node a host of the lab, each of which knows the one before, and the first nobody. */
    static Cluster inLabAsChain(Path folder, NetLab lab, int nodes) throws IOException, InterruptedException {
        return new Cluster(
                folder,
                192,
                List.of(),
                id -> List.of(
                        "--bind",
                        lab.address(id) + ":5405",
                        "--discover",
                        "static:" + lab.address(Math.max(1, id - 1)) + ":5405"),
                lab::inside);
    }

    /** Two or more nodes on hosts of the lab, at their link-local IPv6 addresses, by a group of the interface or one by one. */
    static Cluster onLinkLocals(Path folder, NetLab lab, int nodes, boolean multicast)
            throws IOException, InterruptedException {
        return new Cluster(
                folder,
                192,
                List.of(),
                id -> {
                    List<String> words =
                            new ArrayList<>(List.of("--bind", "[" + lab.linkLocal(id) + "%eth0]:5405", "--transport"));
                    if (multicast) {
                        words.addAll(List.of("multicast", "--mcast", "[ff12::7:1]:5405"));
                        return words;
                    }
                    words.add("unicast");
                    for (int peer = 1; peer <= nodes; peer++) {
                        words.addAll(List.of("--peer", peer + "@[" + lab.linkLocal(peer) + "]:5405"));
                    }
                    return words;
                },
                lab::inside);
    }

    static int[] freePorts(int count) throws IOException {
        List<DatagramSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().mapToInt(DatagramSocket::getLocalPort).toArray();
        } finally {
            sockets.forEach(DatagramSocket::close);
        }
    }

    /** Starts a node, or its next life. */
    NodeProcess start(int id) throws IOException {
        return startWith(id, List.of());
    }

    /** The same with another way to the others. */
    NodeProcess startAlone(int id, String... way) throws IOException {
        List<String> own = addresses.apply(id);
        List<String> words = new ArrayList<>(own.subList(0, own.indexOf("--discover")));
        words.addAll(List.of(way));
        return run(id, words, List.of());
    }

    /** The same by the command of another build. */
    NodeProcess startOf(Path jar, int id) throws IOException {
        List<String> words = new ArrayList<>(prefix.apply(id));
        words.addAll(Totem.command(jar, heapMegabytes, arguments(id, NODE, addresses.apply(id), "state", List.of())));
        NodeProcess node = process(id, words);
        running.put(id, node);
        return node;
    }

    /** The same with another suite than that of the others. */
    NodeProcess startUnder(int id, String suite) throws IOException {
        List<String> words = new ArrayList<>(addresses.apply(id));
        words.addAll(List.of("--suite", suite));
        return run(id, words, List.of());
    }

    /** One more process with the id of a node, in the place of another node; it is no node of the cluster's. */
    NodeProcess startTwin(int id, int place) throws IOException {
        List<String> words = new ArrayList<>(prefix.apply(place));
        words.addAll(Totem.command(heapMegabytes, arguments(id, NODE, addresses.apply(place), "twin", List.of())));
        return process(id, words);
    }

    /** The same with settings of its own. */
    NodeProcess startWith(int id, List<String> own) throws IOException {
        return run(id, addresses.apply(id), own);
    }

    private NodeProcess run(int id, List<String> address, List<String> own) throws IOException {
        NodeProcess node = process(id, words(id, NODE, address, own));
        running.put(id, node);
        return node;
    }

    private NodeProcess process(int id, List<String> words) throws IOException {
        NodeProcess node = new NodeProcess(id, words, folder.resolve("node-" + id + "-life-" + lives.size() + ".json"));
        lives.add(node);
        return node;
    }

    /** The words that run a command with the options of this node. */
    List<String> words(int id, List<String> command) {
        return words(id, command, addresses.apply(id), List.of());
    }

    private List<String> words(int id, List<String> command, List<String> address, List<String> own) {
        List<String> words = new ArrayList<>(prefix.apply(id));
        words.addAll(Totem.command(heapMegabytes, arguments(id, command, address, "state", own)));
        return words;
    }

    private List<String> arguments(int id, List<String> command, List<String> address, String state, List<String> own) {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of("--id", String.valueOf(id)));
        arguments.addAll(address);
        arguments.addAll(List.of("--key", key.toString()));
        arguments.addAll(List.of("--state-dir", folder.resolve(state + "-" + id).toString()));
        for (List<String> some : List.of(settings, own)) {
            for (String setting : some) {
                arguments.add("--set");
                arguments.add(setting);
            }
        }
        return arguments;
    }

    /** The key file that all have in common. */
    Path key() {
        return key;
    }

    NodeProcess node(int id) {
        return running.get(id);
    }

    Collection<NodeProcess> nodes() {
        return running.values();
    }

    /** Waits until these nodes have one ring of just themselves. */
    void awaitRing(Duration time, int... ids) throws InterruptedException {
        List<Integer> members = java.util.Arrays.stream(ids).boxed().toList();
        Deadline deadline = Deadline.in(time);
        for (int id : ids) {
            node(id).await(
                            "a ring of " + members,
                            Duration.ofMillis(deadline.millisLeft()),
                            log -> log.ring().equals(members));
        }
    }

    void kill(int id) throws InterruptedException {
        running.remove(id).kill();
    }

    /** Kills all nodes, starts them on what they have stored, and waits until they are one ring in which each has sent. */
    void restartAll(Duration time) throws IOException, InterruptedException {
        int[] ids = running.keySet().stream().mapToInt(id -> id).toArray();
        for (int id : ids) {
            kill(id);
        }
        for (int id : ids) {
            start(id);
        }
        awaitRing(time, ids);
        for (NodeProcess node : running.values()) {
            node.send("again", new byte[100], "safe");
        }
        for (NodeProcess node : running.values()) {
            node.await("an answer after the restart", time, log -> log.sent.contains("again"));
        }
    }

    /**
     * All nodes are one ring and no load is left: the logs so far are checked, liveness included. Then all nodes quit, one
     * after the other, in order, and the logs of all lives are checked again.
     */
    void quitAndCheck() throws IOException, InterruptedException {
        checkStableEnd();
        for (NodeProcess node : List.copyOf(running.values())) {
            node.quit();
        }
        running.clear();
        Totem.check(folder, lives.stream().map(NodeProcess::logFile).toList());
    }

    /** What everybody has delivered when the last message is delivered is all that was sent. */
    private void checkStableEnd() throws IOException, InterruptedException {
        int last = running.keySet().iterator().next();
        node(last).send("last", LAST, "safe");
        for (NodeProcess node : running.values()) {
            node.await("the last message", QUIET, Cluster::endsWithTheLast);
        }
        node(last).await("an answer to it", QUIET, log -> log.sent.contains("last"));
        for (NodeProcess node : running.values()) {
            node.flush();
        }
        String members = running.keySet().stream().map(String::valueOf).collect(Collectors.joining(","));
        Totem.check(folder, lives.stream().map(NodeProcess::logFile).toList(), "--stable-end", members);
    }

    private static boolean endsWithTheLast(NodeLog log) {
        int size = log.delivered.size();
        return size > 0 && log.delivered.get(size - 1).contentHash() == Arrays.hashCode(LAST);
    }

    @Override
    public void close() {
        lives.forEach(NodeProcess::destroy);
    }
}
