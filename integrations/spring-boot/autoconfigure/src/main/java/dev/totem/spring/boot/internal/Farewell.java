/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;
import reactor.netty.channel.ChannelOperations;

/**
 * One HTTP/1.1 connection of a server that stops: each response is said to be the last one, and who was promised that the connection is
 * kept has a while to send one more request before it is closed. On the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of a promise its owner sees
final class Farewell extends ChannelDuplexHandler {

    private final BooleanSupplier isClosing;
    private final Duration linger;
    private @Nullable ChannelHandlerContext context;
    private boolean isLast;
    private boolean isUnanswered;
    private boolean isLingering;

    /**
     * @param isClosing whether the server will stop
     * @param linger how long the close of an idle connection waits
     */
    Farewell(BooleanSupplier isClosing, Duration linger) {
        this.isClosing = isClosing;
        this.linger = linger;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        if (message instanceof HttpRequest request) {
            isUnanswered = true;
            isLast |= !HttpUtil.isKeepAlive(request);
        }
        reading.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            answering(writing, response);
        }
        writing.write(message, promise);
    }

    private void answering(ChannelHandlerContext writing, HttpResponse response) {
        if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            writing.pipeline().remove(this);
            return;
        }
        if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            return;
        }
        isUnanswered = false;
        if (isClosing.getAsBoolean()) {
            HttpUtil.setKeepAlive(response, false);
        }
        isLast |= !HttpUtil.isKeepAlive(response);
    }

    /**
     * Of an idle connection it waits: a request may be on its way, or has come since the server's stop has seen the connection idle.
     */
    @Override
    public void close(ChannelHandlerContext closing, ChannelPromise promise) {
        boolean isAnswered = isAnswering(closing.channel()) && !isUnanswered;
        if (isLast || !isClosing.getAsBoolean() || isAnswered) {
            closing.close(promise);
            return;
        }
        isLingering = true;
        Future<?> over = closing.executor().schedule(() -> closeIdle(closing), linger.toNanos(), TimeUnit.NANOSECONDS);
        closing.channel().closeFuture().addListener(closed -> {
            over.cancel(false);
            promise.trySuccess();
        });
    }

    /** A request that is answered ends the connection itself. */
    private static void closeIdle(ChannelHandlerContext closing) {
        if (!isAnswering(closing.channel())) {
            closing.close();
        }
    }

    private static boolean isAnswering(Channel channel) {
        return ChannelOperations.get(channel) != null;
    }

    /** Completes when the connection is closed, or now if nothing waits to close it. Any thread. */
    Mono<Void> end() {
        ChannelHandlerContext added = requireNonNull(context, "context");
        return Mono.<Boolean>create(waits -> added.executor().execute(() -> waits.success(isLingering)))
                .filter(lingers -> lingers)
                .flatMap(lingers -> FutureMono.from(added.channel().closeFuture()));
    }
}
