/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command as its users run it. */
class CommandIT {

    private static final Duration START = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Totem.Run run(String line) throws Exception {
        return Totem.run(folder, START, line.split(" ", -1));
    }

    private void refuses(String line, String... says) throws Exception {
        Totem.Run run = run(line);
        assertThat(run.err().lines()).as(line).singleElement().asString().contains(says);
        assertThat(run.status()).as(line).isEqualTo(1);
        assertThat(run.out()).as(line).isEmpty();
    }

    @Test
    void demoEndsWithItsVerdict() throws Exception {
        Totem.Run run = run("demo");

        String verdict = run.out().lines().reduce((first, second) -> second).orElse("");
        Totem.say("totem demo: " + verdict.strip());
        assertThat(run.status()).as(run.out() + run.err()).isZero();
        assertThat(verdict).contains("OK: ");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void loadIsDeliveredInOneOrder() throws Exception {
        int[] ports = Cluster.freePorts(3);
        Path key = folder.resolve("key");
        assertThat(run("keygen " + key).status()).isZero();
        List<CompletableFuture<Totem.Run>> runs = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            String line = "load --id " + id + " --bind 127.0.0.1:" + ports[id - 1] + " --transport unicast"
                    + " --peer 1@127.0.0.1:" + ports[0] + " --peer 2@127.0.0.1:" + ports[1] + " --peer 3@127.0.0.1:"
                    + ports[2] + " --key " + key + " --state-dir " + folder.resolve("state-" + id)
                    + " --members 3 --size 200 --warmup 1 --seconds 2" + (id == 3 ? "" : " --send --rate 2000");
            runs.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return Totem.run(folder, Duration.ofSeconds(40), line.split(" ", -1));
                } catch (Exception failed) {
                    throw new CompletionException(failed);
                }
            }));
        }
        List<JsonNode> reports = new ArrayList<>();
        for (CompletableFuture<Totem.Run> each : runs) {
            Totem.Run run = each.get();
            assertThat(run.status()).as(run.err()).isZero();
            assertThat(run.out().lines()).hasSize(1);
            Totem.say(run.out().strip());
            reports.add(new ObjectMapper().readTree(run.out()));
        }

        assertThat(reports)
                .extracting(report -> report.get("total").asLong())
                .containsOnly(reports.get(0).get("total").asLong());
        assertThat(reports)
                .extracting(report -> report.get("order").asText())
                .containsOnly(reports.get(0).get("order").asText());
        assertThat(reports.get(0).get("total").asLong()).isGreaterThan(1_000);
        assertThat(reports.get(0).get("p50_us").asDouble()).isPositive();
        assertThat(reports.get(2).get("p50_us").isNull()).isTrue();
        List<String> names = new ArrayList<>();
        reports.get(0).fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .containsExactly(
                        "node", "members", "size", "msgs_s", "MB_s", "cpu_s", "p50_us", "p99_us", "p999_us", "total",
                        "order");
    }

    @Test
    void keygenWritesAKeyForItsOwnerAndDoesNotOverwrite() throws Exception {
        Path key = folder.resolve("totem.key");

        Totem.Run first = run("keygen " + key);

        assertThat(first.status()).as(first.err()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        byte[] content = Files.readAllBytes(key);
        refuses("keygen " + key, key.toString());
        assertThat(Files.readAllBytes(key)).isEqualTo(content);
    }

    @Test
    @Tag("F10")
    void sixProcessesMayAddAKeyAtOnce() throws Exception {
        Path key = folder.resolve("totem.key");
        assertThat(run("keygen " + key).status()).isZero();

        List<CompletableFuture<Totem.Run>> runs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            runs.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return run("keygen --add " + key);
                } catch (Exception failed) {
                    throw new CompletionException(failed);
                }
            }));
        }
        for (CompletableFuture<Totem.Run> each : runs) {
            assertThat(each.get().status()).as(each.get().err()).isZero();
        }

        List<String> lines = Files.readAllLines(key);
        assertThat(lines).startsWith("totem-key-file 2", "active 001").hasSize(2 + 7);
        for (int id = 1; id <= 7; id++) {
            assertThat(lines.get(1 + id)).matches("key " + id + " [0-9a-f]{64}");
        }
    }

    @Test
    void namesTheSettingThatCannotWork() throws Exception {
        Path key = folder.resolve("key");
        assertThat(run("keygen " + key).status()).isZero();
        Path open = folder.resolve("open.key");
        Files.write(open, Files.readAllBytes(key));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        Path plainFile = Files.createFile(folder.resolve("file"));
        int free = Cluster.freePorts(1)[0];
        String node = "node --json --id 1 --transport unicast --peer 2@127.0.0.1:9 --state-dir "
                + folder.resolve("state") + " --bind ";

        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            refuses(
                    node + "127.0.0.1:" + taken.getLocalPort() + " --key " + key,
                    "bind=",
                    String.valueOf(taken.getLocalPort()));
        }
        refuses(node + "192.0.2.1:" + free + " --key " + key, "bind=");
        refuses(node + "no-such-host.invalid:" + free + " --key " + key, "bind=");
        refuses(node + "127.0.0.1:" + free + " --key " + folder.resolve("none"), "key");
        refuses(node + "127.0.0.1:" + free + " --key " + open, "key");
        refuses(node + "127.0.0.1:" + free + " --key " + plainFile, "key");
        refuses(
                node.replace(folder.resolve("state").toString(), plainFile.toString()) + "127.0.0.1:" + free + " --key "
                        + key,
                "state-dir=");
    }

    @Test
    void endsInOrderOnASignalAndAtTheEndOfItsInput() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 2, 192)) {
            NodeProcess first = cluster.start(1);
            NodeProcess second = cluster.start(2);
            cluster.awaitRing(START, 1, 2);

            first.signal("TERM");

            assertThat(first.waitFor(Duration.ofSeconds(6))).isZero();
            second.await(
                    "the other to leave",
                    Duration.ofSeconds(3),
                    log -> log.ring().equals(List.of(2)));
            second.endInput();
            assertThat(second.waitFor(Duration.ofSeconds(6))).isZero();
            assertThat(Stream.of(first, second).map(node -> node.see(log -> log.errors.size())))
                    .containsOnly(0);
        }
    }

    @Test
    void startsWithoutAKeyOnlyInTheClearAndSaysSo() throws Exception {
        int port = Cluster.freePorts(1)[0];

        Totem.Run run = run("node --json --id 1 --suite none --transport unicast --bind 127.0.0.1:" + port
                + " --peer 1@127.0.0.1:" + port + " --state-dir " + folder.resolve("state"));

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("suite none");
        assertThat(run.out())
                .startsWith("{\"event\":\"ready\",\"node\":1}\n{\"event\":\"config\",\"kind\":\"regular\",");
    }
}
