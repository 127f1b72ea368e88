/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.core.TotemNode;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** What is answered to whom. On the console's thread. */
final class Routes {

    /** Nothing is loaded, framed, sent or based anywhere else, and no script or style stands in the page. */
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final HostNames names;
    private final ReaderPlaces places;
    private final PageFiles files = new PageFiles();
    private volatile @Nullable Shown shown;

    /** A node, and how it is. */
    record Shown(TotemNode node, StatusDocument status, StatusEvents events) {}

    Routes(HostNames names, ReaderPlaces places) {
        this.names = names;
        this.places = places;
    }

    /** From here on it is told how this node is. Any thread. */
    void show(Shown node) {
        shown = node;
    }

    Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        response.header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store");
        List<String> hosts = request.requestHeaders().getAll(HttpHeaderNames.HOST);
        if (hosts.size() != 1 || !names.allow(hosts.get(0))) {
            return refuse(
                    response,
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "this console is not known by that name: ask by its address, or list the name (--http-host, allowHost)");
        }
        if (!HttpMethod.GET.equals(request.method())) {
            return refuse(
                    response.header(HttpHeaderNames.ALLOW, "GET"),
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "nothing can be changed here: GET only");
        }
        Shown now = shown;
        return now == null
                ? refuse(
                        response.header(HttpHeaderNames.RETRY_AFTER, "1"),
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "the node has not started yet: ask again")
                : answer(now, request, response);
    }

    private Publisher<Void> answer(Shown now, HttpServerRequest request, HttpServerResponse response) {
        return switch (request.fullPath()) {
            case "/status" ->
                now.status.render().flatMap(document -> Mono.from(send(response, "application/json", document)));
            case "/black-box" -> send(response, "application/x-ndjson", blackBox(now.node));
            case "/events" -> stream(now.events, request, response);
            default -> page(request.fullPath(), response);
        };
    }

    private Publisher<Void> page(String path, HttpServerResponse response) {
        return files.find(path)
                .map(file -> send(response, file.type(), file.bytes()))
                .orElseGet(() -> refuse(response, HttpResponseStatus.NOT_FOUND, "there is no such page"));
    }

    private static byte[] blackBox(TotemNode node) {
        StringBuilder lines = new StringBuilder();
        node.blackBox().forEach(line -> lines.append(line).append('\n'));
        return lines.toString().getBytes(UTF_8);
    }

    /** A reader that goes before its answer begins never subscribes to it: the connection gives the place back, too. */
    private Publisher<Void> stream(StatusEvents events, HttpServerRequest request, HttpServerResponse response) {
        Optional<ReaderPlaces.Place> free = places.take();
        if (free.isEmpty()) {
            return refuse(
                    response.header(HttpHeaderNames.RETRY_AFTER, "10"),
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "as many read already as may: close another page, or allow more readers");
        }
        ReaderPlaces.Place place = free.get();
        request.withConnection(connection -> connection.onDispose(place::free));
        Flux<byte[]> documents = events.stream().doFinally(end -> place.free());
        return response.keepAlive(false).sse().send(documents.map(Unpooled::wrappedBuffer), each -> true);
    }

    private static Publisher<Void> refuse(HttpServerResponse response, HttpResponseStatus why, String text) {
        return send(response.status(why).keepAlive(false), "text/plain; charset=utf-8", (text + "\n").getBytes(UTF_8));
    }

    private static Publisher<Void> send(HttpServerResponse response, String type, byte[] body) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, type)
                .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(body.length))
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)));
    }
}
