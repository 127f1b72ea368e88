/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a node over HTTP. Any thread; blocks, for {@link #limit} at most. */
final class NodeHttp {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    /** Sixteen times what 32 changes of the largest ring need. */
    private static final int STATUS_BYTES_MAX = 16 << 20;

    /** The black box has 1 MiB of characters. */
    private static final int BOX_BYTES_MAX = 4 << 20;

    private static final int SHOWN_CHARS_MAX = 200;

    private final NodeAddress address;
    private final Duration limit;
    private final HttpClient client;

    NodeHttp(NodeAddress address, Duration limit) {
        this.address = address;
        this.limit = limit;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limit)
                .build();
    }

    NodeAddress address() {
        return address;
    }

    /** How long an answer may take. */
    Duration limit() {
        return limit;
    }

    /** @throws IOException one line: nobody answers, or what answers is no node */
    NodeStatus status() throws IOException {
        return NodeStatus.read(address.toString(), statusDocument());
    }

    /** @throws IOException as {@link #status}, but that nobody looks at what is in it */
    byte[] statusDocument() throws IOException {
        return get("/status", STATUS_BYTES_MAX);
    }

    /** @throws IOException as {@link #status} */
    List<String> blackBox() throws IOException {
        return new String(get("/black-box", BOX_BYTES_MAX), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    /**
     * Begins to read a body that does not end.
     *
     * @return completes with the head of the answer, which is of status 200
     */
    CompletableFuture<Void> read(String path, HttpResponse.BodySubscriber<Void> body) {
        HttpRequest request = HttpRequest.newBuilder(address.at(path))
                .header("Accept", "text/event-stream")
                .build();
        return client.sendAsync(request, head -> {
                    if (head.statusCode() != OK) {
                        return HttpResponse.BodySubscribers.mapping(
                                new BoundedBody(SHOWN_CHARS_MAX * Integer.BYTES), bytes -> {
                                    throw new IllegalStateException(refusal(path, head.statusCode(), bytes));
                                });
                    }
                    return body;
                })
                .thenApply(HttpResponse::body);
    }

    /** What went wrong, in one line for a person. */
    IOException failure(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String what;
        if (cause instanceof ConnectException refused) {
            what = refused.getCause() instanceof UnresolvedAddressException
                    ? "the name does not resolve"
                    : "nobody answers there; start the node with --http HOST:PORT, and name that address";
        } else if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            what = "no answer within " + limit.toSeconds() + " s; --timeout S waits for longer";
        } else {
            what = String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
        }
        return new IOException(address + ": " + Plain.line(what), cause);
    }

    private byte[] get(String path, int bytesMax) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(address.at(path)).timeout(limit).build();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, head -> new BoundedBody(bytesMax));
        try {
            // The time of the request ends with the head of the answer.
            HttpResponse<byte[]> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != OK) {
                throw new IOException(address + ": " + refusal(path, response.statusCode(), response.body()));
            }
            return response.body();
        } catch (ExecutionException | TimeoutException failed) {
            answer.cancel(true);
            throw failure(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private static String refusal(String path, int status, byte[] body) {
        String says = Plain.line(new String(body, StandardCharsets.UTF_8));
        String shown = says.length() > SHOWN_CHARS_MAX ? says.substring(0, SHOWN_CHARS_MAX) : says;
        return path + " is answered with status " + status + (shown.isBlank() ? "" : " (" + shown.strip() + ")")
                + (status == NOT_FOUND ? "; this is not the HTTP address of a node" : "");
    }
}
