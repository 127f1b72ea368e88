/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --http} of a node that runs as a process, and how it is refused. */
class HttpIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SHOWN = "totem node: node 1 is shown at ";

    @TempDir
    Path folder;

    private List<String> command(String options) throws SocketException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TotemCommand.class.getName(),
                "node",
                "--json",
                "--id",
                "1",
                "--bind",
                "127.0.0.1:" + freePort(),
                "--peer",
                "2@127.0.0.1:1",
                "--suite",
                "none",
                "--state-dir",
                folder.toString()));
        words.addAll(List.of(options.split(" ", -1)));
        return words;
    }

    private static int freePort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url)).timeout(SOON).build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    }

    @Test
    void aNodeShowsItselfAndSaysWhere() throws Exception {
        Process node = new ProcessBuilder(command("--http 127.0.0.1:0"))
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        try (BufferedReader err = lines(node)) {
            String line = err.readLine();
            while (line != null && !line.startsWith(SHOWN)) {
                line = err.readLine();
            }
            assertThat(line).isNotNull();

            HttpResponse<String> status = get(line.substring(SHOWN.length()) + "status");

            assertThat(status.statusCode()).isEqualTo(200);
            JsonNode document = new ObjectMapper().readTree(status.body());
            assertThat(document.get("node").intValue()).isEqualTo(1);
            assertThat(document.at("/health/live").booleanValue()).isTrue();
            node.getOutputStream().close();
            assertThat(node.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(node.exitValue()).isZero();
        } finally {
            node.destroyForcibly();
        }
    }

    @Test
    void aPortThatIsTakenEndsTheNodeWithOneClearLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Process node = new ProcessBuilder(command("--http 127.0.0.1:" + taken.getLocalPort()))
                    .redirectOutput(folder.resolve("out").toFile())
                    .start();
            try (BufferedReader err = lines(node)) {
                List<String> complaints = err.lines()
                        .filter(line -> line.startsWith("totem node: http="))
                        .toList();

                assertThat(complaints).singleElement().asString().contains("Address already in use");
                assertThat(node.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(node.exitValue()).isEqualTo(1);
                assertThat(folder.resolve("out")).as("what a node says that has started").isEmptyFile();
            } finally {
                node.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "node --id 1 --bind 127.0.0.1:0 --peer 2@127.0.0.1:1 --suite none --http-remote | 2 | --http-remote belongs to --http",
                "node --id 1 --bind 127.0.0.1:0 --peer 2@127.0.0.1:1 --suite none --http-host a | 2 | --http-host belongs to --http",
                "node --id 1 --bind 127.0.0.1:0 --peer 2@127.0.0.1:1 --suite none --http 80 | 2 | '80' is not HOST:PORT",
                "node --attach unix:/nowhere --http 127.0.0.1:0 | 2 | with --attach there is none here",
                "serve --listen unix:/nowhere --id 1 --bind 127.0.0.1:0 --http-remote | 2 | --http-remote belongs to --http",
            })
    void whatDoesNotFitIsRefused(String line, int status, String why) {
        StringWriter err = new StringWriter();

        int ended = TotemCommand.commandLine().setErr(new PrintWriter(err)).execute(line.split(" ", -1));

        assertThat(ended).isEqualTo(status);
        assertThat(err.toString().lines()).singleElement().asString().contains(why);
    }
}
