/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Quorum;
import dev.totem.core.Settings;
import dev.totem.testkit.TestRing;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a console answers over a real connection. */
class ConsoleIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private TestRing ring;
    private TotemConsole console;

    @BeforeEach
    void starts() {
        ring = TestRing.of(
                2, settings -> settings.set(Settings.QUORUM, Quorum.majority(2).toString()));
        ring.awaitOneRing().block(SOON);
        console = Objects.requireNonNull(TotemConsole.on(ring.node(1))
                .pace(new ConsolePlan.Pace(Duration.ofMillis(20), Duration.ofSeconds(10)))
                .start()
                .block(SOON));
    }

    @AfterEach
    void ends() {
        console.close().block(SOON);
        ring.close();
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + console.address().getPort() + path);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(at(path)).timeout(SOON).build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException wrong) {
            throw new AssertionError(text, wrong);
        }
    }

    @Test
    void statusIsOneDocument() throws Exception {
        HttpResponse<String> answer = get("/status");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(json(answer.body()).at("/membership/members")).hasToString("[1,2]");
        assertThat(json(answer.body()).at("/changes/0/kind").textValue()).isEqualTo("regular");
    }

    @Test
    void blackBoxIsItsLines() throws Exception {
        HttpResponse<String> answer = get("/black-box");

        assertThat(answer.headers().firstValue("content-type")).hasValue("application/x-ndjson");
        assertThat(answer.body().lines())
                .isNotEmpty()
                .allSatisfy(
                        line -> assertThat(json(line).get("event").isTextual()).isTrue());
        assertThat(answer.body()).contains("\"event\":\"config\"");
    }

    @Test
    void nothingMayBeLoadedFromElsewhereKeptOrFramed() throws Exception {
        HttpResponse<String> answer = get("/status");

        assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'self';")
                .doesNotContain("unsafe")
                .contains("frame-ancestors 'none'");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    }

    @Test
    void streamTellsOfAPartitionAndOfItsCauses() throws Exception {
        HttpResponse<Stream<String>> answer =
                client.send(HttpRequest.newBuilder(at("/events")).build(), HttpResponse.BodyHandlers.ofLines());
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        try (Stream<String> lines = answer.body()) {
            ring.partition(1);
            JsonNode cut = lines.filter(line -> line.startsWith("data: "))
                    .map(line -> json(line.substring("data: ".length())))
                    .filter(status -> status.at("/membership/members").size() == 1
                            && status.get("changes").size() > 2
                            && !status.at("/health/ready").booleanValue())
                    .findFirst()
                    .orElseThrow();

            assertThat(cut.at("/health/reasons/0/code").textValue()).isEqualTo("NOT_PRIMARY");
            assertThat(cut.get("changes"))
                    .anySatisfy(change -> assertThat(change.get("causes"))
                            .anySatisfy(cause ->
                                    assertThat(cause.get("text").textValue()).startsWith("token lost at node")));
        }
    }

    @Test
    void theLastEventSaysThatTheNodeHasLeftAndThenNobodyListens() throws Exception {
        HttpResponse<Stream<String>> answer =
                client.send(HttpRequest.newBuilder(at("/events")).build(), HttpResponse.BodyHandlers.ofLines());
        ring.node(1).leave().subscribe(nothing -> {}, failed -> {});
        List<String> lines = answer.body().filter(line -> !line.isEmpty()).toList();

        assertThat(lines).filteredOn(line -> line.startsWith("event: ")).containsOnly("event: status");
        assertThat(lines.get(lines.size() - 1)).contains("\"code\":\"CLOSED\"");
        console.close().block(SOON);
        assertThat(console.isDisposed()).isTrue();
        assertThatThrownBy(() -> get("/status")).isInstanceOf(ConnectException.class);
    }

    @Test
    void anythingElseIsNotThereAndNothingCanBeChanged() throws Exception {
        for (String path : List.of("/nothing", "/status/", "/../status", "/status%2f", "//", "/META-INF/MANIFEST.MF")) {
            assertThat(RawHttp.ask(
                            console.address(), "GET " + path + " HTTP/1.1", "Host: localhost", "Connection: close"))
                    .as(path)
                    .startsWith("HTTP/1.1 404 ");
        }
        for (String method : List.of("POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW")) {
            assertThat(RawHttp.ask(
                            console.address(), method + " /status HTTP/1.1", "Host: localhost", "Content-Length: 0"))
                    .as(method)
                    .startsWith("HTTP/1.1 405 ")
                    .containsIgnoringCase("allow: GET");
        }
    }

    @Test
    void aNameThatIsNotListedIsRefusedWhateverIsAsked() throws Exception {
        for (String path : List.of("/", "/status", "/events", "/black-box")) {
            assertThat(RawHttp.ask(console.address(), "GET " + path + " HTTP/1.1", "Host: evil.example"))
                    .startsWith("HTTP/1.1 421 ")
                    .contains("--http-host")
                    .doesNotContain("members");
        }
        assertThat(RawHttp.ask(console.address(), "GET /status HTTP/1.0")).contains(" 421 ");
        assertThat(RawHttp.ask(console.address(), "GET /status HTTP/1.1", "Host: localhost", "Host: evil.example"))
                .doesNotContain("members");
        assertThat(RawHttp.ask(console.address(), "GET /status HTTP/1.1", "Host: localhost", "Connection: close"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "GET /status",
                "GET /status HTTP/2.0",
                "GET /status HTTP/9.9",
                "GET /status FTP/1.1",
                "GET /sta tus HTTP/1.1",
                "GET /%zz HTTP/1.1",
                "GET /[ HTTP/1.1",
                "GET http://[ HTTP/1.1",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: many",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2",
                "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno length",
                "GET / HTTP/1.1\r\nHost: a\r\n: b",
                "GET / HTTP/1.1\r\n Host",
                "\u0016\u0003\u0001\u0002",
            })
    void whatIsNoRequestIsAnsweredOrEndedAndNoLineInTheLog(String request) throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            for (int i = 0; i < 3; i++) {
                assertThat(RawHttp.ask(console.address(), request)).matches("(?s)(HTTP/1.1 4\\d\\d .*)?");
            }
            assertThat(get("/status").statusCode()).isEqualTo(200);
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    @Test
    void aPortThatIsTakenIsOneClearError() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, console.address().getAddress())) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> TotemConsole.on(ring.node(2))
                            .bind("127.0.0.1", port)
                            .start()
                            .block(SOON))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("http=127.0.0.1:" + port + ": it cannot listen there, ")
                    .hasMessageContaining("Address already in use")
                    .hasMessageContaining("a port that is free");
        }
        assertThat(ring.node(2).isDisposed()).isFalse();
    }

    @Test
    void beforeThereIsANodeItListensAndSaysSo() throws Exception {
        TotemConsole early =
                Objects.requireNonNull(TotemConsole.ahead().start().block(SOON));
        try {
            for (String path : List.of("/", "/status", "/events", "/black-box")) {
                assertThat(RawHttp.ask(early.address(), "GET " + path + " HTTP/1.1", "Host: localhost"))
                        .as(path)
                        .startsWith("HTTP/1.1 503 ")
                        .contains("the node has not started yet");
            }

            early.show(ring.node(2));

            assertThat(RawHttp.ask(
                            early.address(), "GET /status HTTP/1.1", "Host: localhost", "Connection: close"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\"node\":2");
            assertThatThrownBy(() -> early.show(ring.node(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("shows a node already");
        } finally {
            early.close().block(SOON);
        }
        assertThat(ring.node(2).isDisposed()).isFalse();
    }

    @Test
    void itsThreadEndsWithIt() {
        assertThat(threads()).isEqualTo(1);

        console.close().block(SOON);

        assertThat(threads()).isZero();
        assertThat(ring.node(1).isDisposed()).isFalse();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("totem-console") && thread.isAlive())
                .count();
    }
}
