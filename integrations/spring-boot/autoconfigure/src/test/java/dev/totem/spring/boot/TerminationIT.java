/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.spring.boot.web.WebInstance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM for one of two processes that serve requests. */
class TerminationIT {

    /** What Spring gives each phase of a stop, {@code spring.lifecycle.timeout-per-shutdown-phase}. */
    private static final int GRACE_SECONDS = 30;

    private static final int AFTER_SIGTERM = 143;

    @TempDir
    Path directory;

    /** Connections that are kept, and used all the time or now and then. */
    private static final int KEPT = 6;

    private final ExecutorService clients = Executors.newFixedThreadPool(KEPT);
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Instance> instances = new ArrayList<>();

    @AfterEach
    void end() {
        clients.shutdownNow();
        instances.forEach(instance -> instance.process.destroyForcibly());
    }

    @Test
    void theLeaderHandsOverWhileItAcceptsAndAnswersWhatItHasAccepted() throws Exception {
        int one = freePort();
        int two = freePort();
        String peers = "--totem.peers=1@127.0.0.1:" + one + ",2@127.0.0.1:" + two;
        instances.add(start(peers, "--totem.id=1", "--totem.bind=127.0.0.1:" + one));
        instances.add(start(peers, "--totem.id=2", "--totem.bind=127.0.0.1:" + two));
        for (Instance instance : instances) {
            instance.port = instance.await("port ").substring("port ".length());
        }
        String leader = awaitOneLeader();
        Instance leading = instances.get(Integer.parseInt(leader) - 1);
        Instance other = instances.get(2 - Integer.parseInt(leader));
        String others = leader.equals("1") ? "2" : "1";

        CompletableFuture<List<Integer>> answers = CompletableFuture.supplyAsync(() -> load(leading));
        List<CompletableFuture<List<String>>> kept = IntStream.range(0, KEPT)
                .mapToObj(client ->
                        CompletableFuture.supplyAsync(() -> KeptLoad.answers(leading.port(), client), clients))
                .toList();
        CompletableFuture<HttpResponse<String>> longWork =
                http.sendAsync(request(leading, "/long-work"), BodyHandlers.ofString());
        leading.await("long work begins");
        // That of the process itself would close its output, too.
        leading.process.toHandle().destroy();

        assertThat(leading.await("the server ")).isEqualTo("the server accepts, and the leader is " + others);
        assertThat(longWork.get(GRACE_SECONDS, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(leading.process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(leading.process.exitValue()).isEqualTo(AFTER_SIGTERM);
        assertThat(answers.get(GRACE_SECONDS, TimeUnit.SECONDS))
                .isNotEmpty()
                .as(() -> String.join("\n", leading.lines))
                .containsOnly(200);
        for (CompletableFuture<List<String>> client : kept) {
            assertThat(client.get(GRACE_SECONDS, TimeUnit.SECONDS))
                    .hasSizeGreaterThan(1)
                    .as(() -> String.join("\n", leading.lines))
                    .containsOnly("200");
        }
        other.await("job of " + others);
        assertThat(get(other, "/work").statusCode()).isEqualTo(200);
    }

    /** Before they have found each other, each leads. */
    private String awaitOneLeader() {
        List<String> told = new ArrayList<>();
        Instances.await(() -> {
            told.clear();
            instances.forEach(instance -> told.add(get(instance, "/leader").body()));
            return told.get(0).equals(told.get(1)) && !told.contains("nobody");
        });
        return told.get(0);
    }

    /** The status of one request after the other, each on a connection of its own, until the server does not accept any more. */
    private static List<Integer> load(Instance instance) {
        List<Integer> answers = new ArrayList<>();
        try {
            while (true) {
                HttpURLConnection connection =
                        (HttpURLConnection) uri(instance, "/work").toURL().openConnection();
                connection.setRequestProperty("Connection", "close");
                answers.add(connection.getResponseCode());
            }
        } catch (IOException notAccepted) {
            return answers;
        }
    }

    private HttpResponse<String> get(Instance instance, String path) {
        try {
            return http.send(request(instance, path), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpRequest request(Instance instance, String path) {
        return HttpRequest.newBuilder(uri(instance, path)).build();
    }

    private static URI uri(Instance instance, String path) {
        return URI.create("http://127.0.0.1:" + instance.port + path);
    }

    private Instance start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                WebInstance.class.getName(),
                "--spring.main.banner-mode=off",
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--totem.key-variable=TOTEM_KEY",
                "--totem.state-directory=" + directory));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TOTEM_KEY", "0123456789abcdef".repeat(4));
        return new Instance(builder.start());
    }

    private static int freePort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A process and what it says. */
    private static final class Instance {
        private final Process process;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private volatile String port = "";

        Instance(Process process) {
            this.process = process;
            Thread reader = new Thread(this::read, "reader of " + process.pid());
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader output = process.inputReader(UTF_8)) {
                output.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException ended) {
                lines.add("ended: " + ended);
            }
        }

        int port() {
            return Integer.parseInt(port);
        }

        String await(String beginning) throws InterruptedException {
            List<String> others = new ArrayList<>();
            while (true) {
                String line = lines.poll(GRACE_SECONDS, TimeUnit.SECONDS);
                if (line == null) {
                    throw new AssertionError("no line '" + beginning + "…' but:\n" + String.join("\n", others));
                }
                if (line.startsWith(beginning)) {
                    return line;
                }
                others.add(line);
            }
        }
    }
}
