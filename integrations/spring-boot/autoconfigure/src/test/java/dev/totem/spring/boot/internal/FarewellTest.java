/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

class FarewellTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Sinks.One<Channel> accepted = Sinks.one();
    private final Sinks.One<Boolean> asked = Sinks.one();
    private final Sinks.One<Boolean> mayAnswer = Sinks.one();

    /** The server's stop finds a connection idle, and its close comes to the connection after the next request. */
    @SuppressWarnings("FutureReturnValueIgnored") // the close of the connection is what the answer shows
    @Test
    void aRequestThatComesBeforeTheCloseOfItsIdleConnectionIsAnswered() throws IOException {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .doOnChannelInit((observer, channel, address) -> {
                    channel.pipeline()
                            .addBefore(NettyPipeline.ReactiveBridge, "farewell", new Farewell(() -> true, PATIENCE));
                    accepted.tryEmitValue(channel);
                })
                .handle((request, response) -> {
                    asked.tryEmitValue(true);
                    return response.sendString(mayAnswer.asMono().map(yes -> "here"));
                })
                .bindNow(PATIENCE);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.setSoTimeout((int) PATIENCE.toMillis());
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
            asked.asMono().block(PATIENCE);

            Channel channel = accepted.asMono().block(PATIENCE);
            assertThat(channel).isNotNull();
            Mono.create(done -> channel.eventLoop().execute(() -> {
                        channel.close();
                        done.success();
                    }))
                    .block(PATIENCE);
            mayAnswer.tryEmitValue(true);

            assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII))
                    .contains("200 OK", "connection: close", "here");
        } finally {
            server.disposeNow(PATIENCE);
        }
    }
}
