/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** What a node serves over HTTP, with documents of the test's making. */
final class ServedNode implements AutoCloseable {

    private static final String END = "";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    volatile String status = Documents.healthy(1);
    volatile int code = 200;

    /** One permit for each reader of events that has come. */
    final Semaphore readers = new Semaphore(0);

    ServedNode() throws IOException {
        this(0);
    }

    ServedNode(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/status", exchange -> answer(exchange, status));
        server.createContext("/black-box", exchange -> answer(exchange, String.join("\n", box) + "\n"));
        server.createContext("/events", this::serveEvents);
        server.setExecutor(threads);
        server.start();
    }

    volatile List<String> box = List.of();

    int port() {
        return server.getAddress().getPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    /** To the one reader that there is. */
    void send(String document) {
        events.add("event: status\ndata: " + document + "\n\n");
    }

    void sendRaw(String text) {
        events.add(text);
    }

    /** Ends the connection of the reader. */
    void hangUp() {
        events.add(END);
    }

    private void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    private void serveEvents(HttpExchange exchange) throws IOException {
        if (code != 200) {
            answer(exchange, "no");
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            body.flush();
            readers.release();
            for (String event = events.take(); !event.equals(END); event = events.take()) {
                body.write(event.getBytes(StandardCharsets.UTF_8));
                body.flush();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
