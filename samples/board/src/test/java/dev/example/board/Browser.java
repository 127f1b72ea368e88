/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Headless Chromium with tabs, driven by its DevTools protocol. One thread at a time. */
final class Browser implements AutoCloseable, WebSocket.Listener {

    static final Duration SOON = Duration.ofSeconds(30);
    private static final String LISTENING = "DevTools listening on ";

    private final JsonMapper json = JsonMapper.builder().build();
    private final Process process;
    private final WebSocket socket;
    private final StringBuilder part = new StringBuilder();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
    private final Map<String, Tab> tabs = new ConcurrentHashMap<>();

    /** The program, if it is on the path. */
    static Optional<Path> program() {
        List<Path> folders = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Browser(Path program, Path folder) throws IOException {
        ProcessBuilder plan = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        plan.environment().put("TMPDIR", folder.toString());
        process = plan.start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address(process)), this)
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private static String address(Process process) throws IOException {
        BufferedReader err =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread rest = new Thread(() -> err.lines().forEach(ignored -> {}), "browser-err");
                rest.setDaemon(true);
                rest.start();
                return line.substring(LISTENING.length());
            }
        }
        throw new IOException("the browser ended");
    }

    /** A new tab, in a window of its own: it is drawn although others are opened later. */
    Tab open(String url, int width, int height) {
        String target = call("", "Target.createTarget", Map.of("url", "about:blank", "newWindow", true))
                .get("targetId")
                .asString();
        String session = call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asString();
        Tab tab = new Tab((method, parameters) -> call(session, method, parameters));
        tabs.put(session, tab);
        tab.start(url, width, height);
        return tab;
    }

    private JsonNode call(String session, String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        open.put(id, answer);
        ObjectNode message = json.createObjectNode().put("id", id).put("method", method);
        message.set("params", json.valueToTree(parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        socket.sendText(message.toString(), true).join();
        return answer.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
        part.append(data);
        if (isLast) {
            take(json.readTree(part.toString()));
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void take(JsonNode message) {
        CompletableFuture<JsonNode> asked = open.remove(message.path("id").asInt(0));
        if (asked != null && message.has("error")) {
            asked.completeExceptionally(new AssertionError(message.toString()));
        } else if (asked != null) {
            asked.complete(message.get("result"));
        }
        Tab tab = tabs.get(message.path("sessionId").asString(""));
        if (tab != null && message.has("method")) {
            tab.told(message.get("method").asString(), message.path("params"));
        }
    }

    @Override
    public void close() {
        socket.abort();
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one ->
                one.onExit().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join());
    }
}
