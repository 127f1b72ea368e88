/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.PlainSeal;
import dev.totem.security.KeyFile;
import dev.totem.transport.Peer;
import dev.totem.transport.UdpTotem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each check of {@code totem doctor}, made bad for real. */
class DoctorIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String GROUP = "239.192.7.9";
    private static final int GROUP_PORT = 15_409;
    private static final String IN_GROUP = "--mcast " + GROUP + ":" + GROUP_PORT + " --suite none";
    private static final String UNICAST = "--peer 2@127.0.0.1:1 --suite none";

    @TempDir
    Path folder;

    private record Run(int status, List<String> lines) {

        String of(String check) {
            return lines.stream()
                    .filter(line -> line.split(" ", -1)[1].equals(check + ":"))
                    .findFirst()
                    .orElse("no line of " + check + " in " + lines);
        }
    }

    private Run doctor(String options) {
        return doctor(1, options);
    }

    private Run doctor(int seconds, String options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = TotemCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(("doctor --id 7 --seconds " + seconds + " --state-dir " + folder + " " + options)
                        .split(" ", -1));
        assertThat(err.toString()).isEmpty();
        return new Run(status, out.toString().lines().toList());
    }

    private String[] command(String options) {
        return Stream.of(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path")),
                        List.of(options.split(" ", -1)))
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    private Run finish(Process process) throws Exception {
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), lines);
    }

    private Process process(List<String> words) throws IOException {
        return new ProcessBuilder(words)
                .redirectError(folder.resolve("stderr").toFile())
                .start();
    }

    /** In a network namespace of its own, after these commands of {@code ip} and {@code sysctl}. */
    private Run inNamespace(String before, String options) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "needs unshare");
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        List<String> words = new ArrayList<>(List.of("unshare", "-n", "sh", "-ec", before + "\nexec \"$@\"", "sh"));
        words.addAll(List.of(
                command("dev.totem.cli.TotemCommand doctor --id 7 --seconds 1 --state-dir " + folder + " " + options)));
        return finish(process(words));
    }

    private static int free() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aHostWhereNothingIsWrongHasALineForEachCheckAndStatus0() throws Exception {
        Path keys = folder.resolve("keys");
        KeyFile.create(keys);
        Run run = doctor("--bind 127.0.0.1:" + free() + " --set token=10s --set window-size=32 --mcast " + GROUP + ":"
                + GROUP_PORT + " --key " + keys);

        assertThat(run.status()).isZero();
        assertThat(run.lines())
                .extracting(line -> line.replaceAll("^\\w+ (\\w+): .*$", "$1"))
                .containsExactly(
                        "address",
                        "port",
                        "datagram",
                        "buffers",
                        "multicast",
                        "id",
                        "key",
                        "state",
                        "memory",
                        "entropy",
                        "processors",
                        "pauses");
        assertThat(run.lines()).allMatch(line -> line.startsWith("ok ") || line.startsWith("warn "));
        assertThat(run.of("address")).startsWith("warn address: ").contains("on lo");
        assertThat(run.of("id")).isEqualTo("ok id: in 1 s nobody heard");
    }

    @Test
    void jsonSaysTheSame() throws Exception {
        Run run = doctor("--json --bind 192.0.2.77:5405 " + UNICAST);

        assertThat(run.status()).isEqualTo(1);
        JsonNode first = new ObjectMapper().readTree(run.lines().get(0));
        assertThat(first.get("check").textValue()).isEqualTo("address");
        assertThat(first.get("state").textValue()).isEqualTo("bad");
        assertThat(first.get("text").textValue()).contains("192.0.2.77", "no interface of this host");
        assertThat(first.get("remedy").textValue()).contains("ip address");
    }

    @Test
    void aPortThatSomebodyHasIsBad() throws Exception {
        try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
                ServerSocket tcp = new ServerSocket(0, 1, LOOPBACK)) {
            Run run = doctor("--bind 127.0.0.1:" + udp.getLocalPort() + " " + UNICAST);
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.of("port"))
                    .startsWith("bad port: udp " + udp.getLocalPort())
                    .contains("ss -ulpn");

            Run overTcp = doctor("--transport tcp --bind 127.0.0.1:" + tcp.getLocalPort() + " " + UNICAST);
            assertThat(overTcp.status()).isEqualTo(1);
            assertThat(overTcp.of("port")).startsWith("bad port: tcp " + tcp.getLocalPort());
        }
    }

    @Test
    void aWindowThatDoesNotFitTheBufferIsAWarning() throws Exception {
        Run run =
                doctor("--set window-size=65536 --set store-frames=262144 --bind 127.0.0.1:" + free() + " " + UNICAST);

        assertThat(run.of("buffers")).startsWith("warn buffers: ").contains("sysctl -w net.core.rmem_max=");
    }

    @Test
    void aNodeWithTheSameIdIsBadAndAnotherClusterAWarning() throws Exception {
        TotemNode same = start(7, "totem");
        try {
            Run run = doctor(5, "--bind 127.0.0.1:" + free() + " " + IN_GROUP);
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.of("id")).startsWith("bad id: a node with the id 7 speaks in " + GROUP);
        } finally {
            same.leave().block(SOON);
        }
        TotemNode other = start(7, "other");
        try {
            Run run = doctor(3, "--bind 127.0.0.1:" + free() + " " + IN_GROUP);
            assertThat(run.of("id"))
                    .startsWith("warn id: another cluster than totem is heard")
                    .contains("[node 7]");
        } finally {
            other.leave().block(SOON);
        }
    }

    private TotemNode start(int id, String cluster) throws IOException {
        return UdpTotem.create()
                .nodeId(id)
                .bind("127.0.0.1", free())
                .multicast(GROUP, GROUP_PORT)
                .seal(PlainSeal.create())
                .config(config -> config.cluster(cluster))
                .stateDirectory(Files.createTempDirectory(folder, "state"))
                .start()
                .block(SOON);
    }

    @Test
    void aProcessThatIsStoppedHasPaused() throws Exception {
        Process process = process(List.of(command("dev.totem.cli.TotemCommand doctor --id 7 --seconds 4 --state-dir "
                + folder + " --set token=500ms --bind 127.0.0.1:" + free() + " " + UNICAST)));
        // The watch has begun when the first line is there.
        assertThat(process.getInputStream().read()).isPositive();
        kill("STOP", process);
        TimeUnit.MILLISECONDS.sleep(900);
        kill("CONT", process);
        Run run = finish(process);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.of("pauses")).startsWith("bad pauses: the longest pause of this JVM in 4 s was");
    }

    private static void kill(String signal, Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void aSourceOfRandomBytesThatGivesNoneIsBad() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Run run = finish(process(List.of(command("-Djava.security.egd=file:" + fifo
                + " dev.totem.cli.TotemCommand doctor --id 7 --seconds 1 --timeout 3 --state-dir " + folder + " --bind 127.0.0.1:"
                + free() + " " + UNICAST))));

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.of("entropy")).startsWith("bad entropy: no random bytes in 3000 ms");
    }

    @Test
    void anInterfaceThatIsDownIsBad() throws Exception {
        Run run = inNamespace("ip address add 10.9.9.1/32 dev lo", "--bind 10.9.9.1:5405 " + UNICAST);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.of("address"))
                .isEqualTo("bad address: 10.9.9.1:5405 on lo, which is down; do: ip link set lo up");
    }

    @Test
    void packetsThatTheInterfaceDoesNotCarryAreBad() throws Exception {
        Run run = inNamespace("ip link set lo mtu 1500 up", "--bind 127.0.0.1:5405 --set netmtu=9000 " + UNICAST);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.of("datagram"))
                .startsWith("bad datagram: netmtu=9000: the interface lo carries packets of at most 1500");
    }

    @Test
    void aGroupThatCannotBeJoinedIsBad() throws Exception {
        Run run = inNamespace(
                "ip link set lo up; echo 0 > /proc/sys/net/ipv4/igmp_max_memberships",
                "--bind 127.0.0.1:5405 " + IN_GROUP);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.of("multicast")).startsWith("bad multicast: group " + GROUP + " cannot be used on lo: ");
    }

    @Test
    void oneProcessorIsAWarning() throws Exception {
        Run run = finish(process(List.of(command("-XX:ActiveProcessorCount=1 dev.totem.cli.TotemCommand doctor --id 7"
                + " --seconds 1 --state-dir " + folder + " --bind 127.0.0.1:" + free() + " " + UNICAST))));

        assertThat(run.of("processors")).startsWith("warn processors: 1 processor");
    }

    @Test
    void theAddressOfHttpIsOneOfTheChecks() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            String http = " --http 127.0.0.1:" + taken.getLocalPort() + " " + UNICAST;
            Run run = doctor("--bind 127.0.0.1:" + free() + http);

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.of("http"))
                    .startsWith("bad http: http=127.0.0.1:" + taken.getLocalPort() + ": it cannot listen there, ")
                    .contains("ss -tlpn");
        }
        assertThat(doctor("--bind 127.0.0.1:" + free() + " --http 127.0.0.1:0 " + UNICAST)
                        .of("http"))
                .isEqualTo("ok http: 127.0.0.1:0 is free");
        assertThat(doctor("--bind 127.0.0.1:" + free() + " --http 0.0.0.0:0 " + UNICAST)
                        .of("http"))
                .startsWith("bad http: http=0.0.0.0:0: others could read it from there");
    }

    @Test
    void aKeyThatIsNotThereIsOneFindingOfMany() throws Exception {
        for (String none : List.of("", " --key " + folder.resolve("none"), " --key-env TOTEM_NO_SUCH_KEY", " --key " + folder)) {
            Run run = doctor("--bind 127.0.0.1:" + free() + " --peer 2@127.0.0.1:1" + none);

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.of("key")).startsWith("bad key: ");
            assertThat(run.of("pauses")).as("the last check").contains(" pauses: ");
        }
    }

    @Test
    void peersAreAskedWhetherTheyAreThereAndKnowWhereThisNodeWillBe() throws Exception {
        int here = free();
        int there = free();
        String asking = "--bind 127.0.0.1:" + here + " --peer 2@127.0.0.1:" + there + " --suite none";
        assertThat(doctor(asking).of("peers"))
                .isEqualTo("ok peers: 1 listed, all with an address; answer: none, not started: 2@127.0.0.1:" + there);
        TotemNode peer = listing(2, there, Peer.of(7, "127.0.0.1", here));
        try {
            assertThat(doctor(asking).of("peers"))
                    .isEqualTo("ok peers: 1 listed, all with an address; answer: 2@127.0.0.1:" + there
                            + ", not started: none");
            Run swapped = doctor(asking.replace("2@", "3@"));
            assertThat(swapped.status()).isEqualTo(1);
            assertThat(swapped.of("peers")).startsWith("bad peers: 3@127.0.0.1:" + there + " is node 2; correct the list");
        } finally {
            peer.leave().block(SOON);
        }
        TotemNode stranger = listing(2, there, Peer.of(7, "127.0.0.1", 9));
        try {
            assertThat(doctor(asking).of("peers"))
                    .startsWith("warn peers: no answer from 2@127.0.0.1:" + there + " to node 7 at 127.0.0.1:" + here)
                    .contains("as when its id is taken");
        } finally {
            stranger.leave().block(SOON);
        }
    }

    private TotemNode listing(int id, int port, Peer peer) throws IOException {
        return UdpTotem.create()
                .nodeId(id)
                .bind("127.0.0.1", port)
                .peers(peer)
                .seal(PlainSeal.create())
                .stateDirectory(Files.createTempDirectory(folder, "state"))
                .start()
                .block(SOON);
    }

    @Test
    void withoutAKeyItSaysWhatThatMeans() throws Exception {
        assertThat(doctor("--bind 127.0.0.1:" + free() + " " + UNICAST).of("key"))
                .startsWith("warn key: suite none: datagrams are neither encrypted nor authenticated");
    }
}
