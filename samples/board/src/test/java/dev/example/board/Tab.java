/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** A page of a {@link Browser}. */
@SuppressWarnings("ReturnValueIgnored") // a call is made for what it does in the page
final class Tab {

    private final BiFunction<String, Map<String, ?>, JsonNode> calls;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    Tab(BiFunction<String, Map<String, ?>, JsonNode> calls) {
        this.calls = calls;
    }

    void start(String url, int width, int height) {
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            calls.apply(domain + ".enable", Map.of());
        }
        calls.apply("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
        size(width, height);
        calls.apply("Page.navigate", Map.of("url", url));
    }

    void size(int width, int height) {
        calls.apply(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** As somebody sees it who likes it {@code light} or {@code dark}. */
    void scheme(String name) {
        calls.apply(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", name))));
    }

    void key(String name, int code) {
        for (String type : List.of("keyDown", "keyUp")) {
            Map<String, Object> event =
                    Map.of("type", type, "key", name, "code", name, "windowsVirtualKeyCode", code, "text", text(name));
            calls.apply("Input.dispatchKeyEvent", event);
        }
    }

    private static String text(String key) {
        return key.equals("Enter") ? "\r" : "";
    }

    /** What somebody types where the focus is. */
    void type(String text) {
        calls.apply("Input.insertText", Map.of("text", text));
    }

    /** The value of an expression in the page. */
    JsonNode value(String expression) {
        JsonNode answer = calls.apply("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.at("/result/value");
    }

    String text(String selector, String property) {
        return value("document.querySelector(`" + selector + "`)?." + property + " ?? ''")
                .asString();
    }

    void click(String selector) {
        await(selector, text -> true, "isConnected.toString()");
        value("document.querySelector(`" + selector + "`).click()");
    }

    /** Waits until the text of an element is as wanted; fails with what it is. */
    void await(String selector, Predicate<String> isWanted) {
        await(selector, text -> !text.isEmpty() && isWanted.test(text), "innerText");
    }

    /** Waits until there is no such element, or nobody sees it. */
    void awaitNone(String selector) {
        await(selector, String::isEmpty, "offsetParent?.tagName");
    }

    private void await(String selector, Predicate<String> isWanted, String property) {
        try {
            Flux.interval(Duration.ZERO, Duration.ofMillis(50))
                    .onBackpressureDrop()
                    .filter(tick -> isWanted.test(text(selector, property)))
                    .next()
                    .block(Browser.SOON);
        } catch (IllegalStateException late) {
            throw new AssertionError(selector + " is: " + text(selector, property), late);
        }
    }

    void picture(Path file) {
        calls.apply("Emulation.setScrollbarsHidden", Map.of("hidden", true));
        byte[] png = Base64.getDecoder()
                .decode(calls.apply("Page.captureScreenshot", Map.of("format", "png"))
                        .get("data")
                        .asString());
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void told(String method, JsonNode parameters) {
        switch (method) {
            case "Network.requestWillBeSent" ->
                requests.add(parameters.at("/request/url").asString());
            case "Runtime.exceptionThrown" ->
                complaints.add(parameters.get("exceptionDetails").toString());
            case "Runtime.consoleAPICalled" ->
                complaints.add(parameters.get("args").toString());
            case "Log.entryAdded" ->
                complaints.add(parameters.at("/entry/text").asString() + " "
                        + parameters.at("/entry/url").asString(""));
            default -> {}
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
}
