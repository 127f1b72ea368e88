/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** Headless Chromium with one page, driven by its DevTools protocol. One thread at a time. */
final class Browser implements AutoCloseable, WebSocket.Listener {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String LISTENING = "DevTools listening on ";

    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final WebSocket socket;
    private final StringBuilder part = new StringBuilder();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private String session = "";

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
        String target = call("Target.createTarget", json.createObjectNode().put("url", "about:blank"))
                .get("targetId")
                .textValue();
        session = call(
                        "Target.attachToTarget",
                        json.createObjectNode().put("targetId", target).put("flatten", true))
                .get("sessionId")
                .textValue();
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            call(domain + ".enable", json.createObjectNode());
        }
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

    void open(String url, int width, int height) {
        size(width, height);
        call("Page.navigate", json.createObjectNode().put("url", url));
    }

    void size(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                json.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    /** As somebody sees it who likes it {@code light} or {@code dark}. */
    void scheme(String name) {
        ObjectNode parameters = json.createObjectNode();
        parameters
                .putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", name);
        call("Emulation.setEmulatedMedia", parameters);
    }

    /** What is seen of the page now. */
    void picture(Path file) throws IOException {
        call("Emulation.setScrollbarsHidden", json.createObjectNode().put("hidden", true));
        JsonNode answer = call("Page.captureScreenshot", json.createObjectNode().put("format", "png"));
        Files.createDirectories(file.getParent());
        Files.write(file, answer.get("data").binaryValue());
    }

    /** Bytes of the page's heap after all garbage is collected. */
    long heap() {
        call("HeapProfiler.collectGarbage", json.createObjectNode());
        return call("Runtime.getHeapUsage", json.createObjectNode())
                .get("usedSize")
                .asLong();
    }

    /** The value of an expression in the page. */
    JsonNode value(String expression) {
        JsonNode answer = call(
                "Runtime.evaluate",
                json.createObjectNode().put("expression", expression).put("returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.at("/result/value");
    }

    String text(String selector) {
        return value("document.querySelector('" + selector + "')?.textContent ?? ''")
                .textValue();
    }

    /** Waits until the text of an element is as wanted; fails with what it is. */
    void await(String selector, Predicate<String> isWanted) {
        try {
            Flux.interval(Duration.ofMillis(50))
                    .onBackpressureDrop()
                    .filter(tick -> isWanted.test(text(selector)))
                    .next()
                    .block(SOON);
        } catch (IllegalStateException late) {
            throw new AssertionError(selector + " is: " + text(selector), late);
        }
    }

    void key(String name, int code) {
        for (String type : List.of("keyDown", "keyUp")) {
            ObjectNode event = json.createObjectNode()
                    .put("type", type)
                    .put("key", name)
                    .put("code", name)
                    .put("windowsVirtualKeyCode", code);
            call("Input.dispatchKeyEvent", name.equals("Enter") ? event.put("text", "\r") : event);
        }
    }

    /** All addresses that were asked for. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Errors and warnings of the page and of the browser about it. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    private JsonNode call(String method, ObjectNode parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        open.put(id, answer);
        ObjectNode message = json.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
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
            try {
                take(json.readTree(part.toString()));
            } catch (IOException wrong) {
                complaints.add(wrong.toString());
            }
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void take(JsonNode message) {
        CompletableFuture<JsonNode> asked = open.remove(message.path("id").asInt());
        if (asked != null && message.has("error")) {
            asked.completeExceptionally(new AssertionError(message.toString()));
        } else if (asked != null) {
            asked.complete(message.get("result"));
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asText()) {
            case "Network.requestWillBeSent" ->
                requests.add(parameters.at("/request/url").textValue());
            case "Runtime.exceptionThrown" ->
                complaints.add(parameters.get("exceptionDetails").toString());
            case "Runtime.consoleAPICalled" ->
                complaints.add(parameters.get("args").toString());
            case "Log.entryAdded" ->
                complaints.add(parameters.at("/entry/text").textValue() + " "
                        + parameters.at("/entry/url").asText());
            default -> {}
        }
    }

    @Override
    public void close() {
        socket.abort();
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList().stream()
                .peek(ProcessHandle::destroyForcibly)
                .toList()
                .forEach(one -> one.onExit()
                        .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                        .join());
    }
}
