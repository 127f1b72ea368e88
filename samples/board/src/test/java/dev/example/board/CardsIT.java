/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the pages say to an instance and hear of it. */
class CardsIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();
    private final BlockingQueue<JsonNode> cards = new LinkedBlockingQueue<>();
    private Boards boards;

    @BeforeEach
    void start() {
        boards = new Boards();
        Thread reader = new Thread(this::listen, "events of instance 2");
        reader.setDaemon(true);
        reader.start();
    }

    @AfterEach
    void end() {
        boards.close();
    }

    private void listen() {
        try {
            HttpRequest events =
                    HttpRequest.newBuilder(URI.create(boards.url(2) + "events")).build();
            String[] name = {""};
            client.send(events, BodyHandlers.ofLines()).body().forEach(line -> {
                if (line.startsWith("event:")) {
                    name[0] = line.substring("event:".length());
                } else if (line.startsWith("data:") && name[0].equals("card")) {
                    cards.add(json.readTree(line.substring("data:".length())));
                }
            });
        } catch (Exception ended) {
            cards.add(json.valueToTree(Map.of("ended", ended.toString())));
        }
    }

    private JsonNode heard() throws InterruptedException {
        JsonNode card = cards.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(card).as("what instance 2 tells").isNotNull();
        return card;
    }

    private HttpResponse<String> ask(int node, String method, String path, String version, String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(boards.url(node) + path))
                .timeout(SOON)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (!version.isEmpty()) {
            request.header("If-Match", version);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String draft(String text, String lane) {
        return "{\"text\":\"" + text + "\",\"lane\":\"" + lane + "\"}";
    }

    @Test
    void whoChangesWhatSomebodyElseHasChangedIsToldSo() throws Exception {
        assertThat(ask(1, "POST", "cards", "", draft(" paint ", "TODO")).statusCode())
                .isEqualTo(201);
        JsonNode made = heard();
        assertThat(made.at("/card/text").asString()).isEqualTo("paint");
        assertThat(made.at("/card/by").asInt()).isEqualTo(1);
        String path = "cards/" + made.get("id").asString();
        String version = made.get("version").asString();
        assertThat(ask(2, "PUT", path, version, draft("paint", "DOING")).statusCode())
                .isEqualTo(200);
        JsonNode moved = heard();

        HttpResponse<String> late = ask(2, "PUT", path, version, draft("do not paint", "TODO"));

        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(late.body()).contains("Somebody else");
        assertThat(ask(2, "DELETE", path, version, "").statusCode()).isEqualTo(412);
        assertThat(ask(2, "DELETE", path, moved.get("version").asString(), "").statusCode())
                .isEqualTo(200);
        JsonNode gone = heard();
        assertThat(gone.get("id")).isEqualTo(made.get("id"));
        assertThat(gone.get("card").isNull()).isTrue();
    }

    @Test
    void whatIsNoCardIsRefused() throws Exception {
        assertThat(ask(1, "POST", "cards", "", draft("  ", "TODO")).statusCode())
                .isEqualTo(400);
        assertThat(ask(1, "POST", "cards", "", draft("x".repeat(201), "TODO")).statusCode())
                .isEqualTo(400);
        assertThat(ask(1, "POST", "cards", "", draft("x", "LATER")).statusCode())
                .isEqualTo(400);
        assertThat(ask(1, "POST", "cards", "", "{\"lane\":\"TODO\"}").statusCode())
                .isEqualTo(400);
        assertThat(ask(1, "PUT", "cards/none", "", draft("x", "TODO")).statusCode())
                .isEqualTo(400);
    }

    /** More than that are done: the leader throws the one away that has been done for longest. */
    @Test
    void theLeaderKeepsTheBoardSmall() throws Exception {
        for (int i = 1; i <= 21; i++) {
            assertThat(ask(1 + i % 3, "POST", "cards", "", draft("card " + i, "DONE"))
                            .statusCode())
                    .isEqualTo(201);
        }
        String first = heard().get("id").asString();
        JsonNode last = heard();
        while (!last.get("card").isNull()) {
            last = heard();
        }
        assertThat(last.get("id").asString()).isEqualTo(first);
    }
}
