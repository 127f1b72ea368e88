/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.cli.TotemCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code totem status} and {@code totem explain} against a server with the documents of a node. */
class StatusAndExplainIT {

    private record Run(int status, List<String> lines, String err) {}

    private static Run totem(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = TotemCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
        return new Run(status, out.toString().lines().toList(), err.toString());
    }

    @Test
    void aReadyNodeHasStatus0AndRates() throws IOException {
        try (ServedNode node = new ServedNode()) {
            node.send(Documents.healthy(1));
            node.send(Documents.healthy(2));
            Run run = totem("status", node.address());

            assertThat(run.err()).isEmpty();
            assertThat(run.status()).isZero();
            assertThat(run.lines())
                    .startsWith("node 1 of cluster lab: ready, nodes 1, 2 and 3 in ring 1.8")
                    .anySatisfy(line -> assertThat(line).contains("rates       2,500 frames/s delivered"));
        }
    }

    @Test
    void aNodeThatIsNotReadyHasStatus1() throws IOException {
        try (ServedNode node = new ServedNode()) {
            node.status = Documents.alone(90);
            node.hangUp();
            Run run = totem("status", "http://" + node.address() + "/");

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.lines().get(0)).contains("not ready");
            assertThat(run.lines()).contains("  rates       not known");
        }
    }

    @Test
    void jsonIsTheDocument() throws IOException {
        try (ServedNode node = new ServedNode()) {
            node.status = "{ \"node\": 1,\n" + Documents.healthy(3).substring("{\"node\":1,".length());
            Run run = totem("status", "--json", node.address());

            assertThat(run.status()).isZero();
            assertThat(run.lines()).singleElement().asString().startsWith("{\"node\":1,\"cluster\":\"lab\",");
        }
    }

    @Test
    void explainTellsTheLastChanges() throws IOException {
        try (ServedNode node = new ServedNode()) {
            node.status = Documents.alone(90);
            Run run = totem("explain", "--last", "1", node.address());

            assertThat(run.err()).isEmpty();
            assertThat(run.status()).isZero();
            assertThat(run.lines().get(0)).contains("Ring 1.12 of nodes 1 and 2 is formed, without node 3;");
            assertThat(run.lines()).contains("  because: node 3 not heard at node 1 for 1200 ms");
            assertThat(run.lines()).anySatisfy(line -> assertThat(line).endsWith("node 1 is not ready:"));
            assertThat(totem("explain", "--json", node.address()).lines()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "explain"})
    void whoDoesNotAnswerIsOneLineAndStatus1(String command) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Run run = totem(command, "127.0.0.1:" + port);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.lines()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .isEqualTo("totem " + command + ": 127.0.0.1:" + port
                        + ": nobody answers there; start the node with --http HOST:PORT, and name that address");
    }

    @Test
    void whatIsNoNodeIsSaid() throws IOException {
        try (ServedNode node = new ServedNode()) {
            node.status = "<html>\u001b[31m</html>";
            assertThat(totem("status", node.address()).err()).contains("/status is not JSON");
            node.code = 404;
            Run run = totem("status", node.address());
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .contains("/status is answered with status 404 (<html>·[31m</html>)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "explain", "status localhost", "explain --last 0 127.0.0.1:1", "status a:1 b:2"})
    void aWrongCommandLineIsStatus2(String line) {
        Run run = totem(line.split(" ", -1));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
    }
}
