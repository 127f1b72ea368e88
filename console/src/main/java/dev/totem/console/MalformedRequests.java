/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is no request, and ends its connection: further on it would be a line in the log each time, and anybody can cause it.
 * Of one connection, on the console's thread.
 */
final class MalformedRequests extends ChannelInboundHandlerAdapter {

    private static final String HTTP = "HTTP";

    /** An answer to what came before may be under way: then there is none to this. */
    private boolean isFirst = true;

    private boolean isOver;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isOver) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpObject part && isMalformed(part)) {
            isOver = true;
            HttpResponseStatus why = status(part.decoderResult().cause());
            ReferenceCountUtil.release(message);
            refuse(context, why);
        } else {
            context.fireChannelRead(message);
            isFirst = false;
        }
    }

    private static boolean isMalformed(HttpObject part) {
        return part.decoderResult().isFailure()
                || (part instanceof HttpRequest request && !(isVersion1(request) && hasPath(request.uri())));
    }

    private static boolean isVersion1(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        return version.protocolName().equals(HTTP) && version.majorVersion() == 1;
    }

    private static boolean hasPath(String target) {
        try {
            return new URI(target.startsWith("/") ? "http://localhost" + target : target).getPath() != null;
        } catch (URISyntaxException wrong) {
            return false;
        }
    }

    private static HttpResponseStatus status(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return HttpResponseStatus.REQUEST_URI_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpResponseStatus.BAD_REQUEST;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody asks what became of a connection that was to be closed
    private void refuse(ChannelHandlerContext context, HttpResponseStatus why) {
        if (!isFirst) {
            context.close();
            return;
        }
        DefaultFullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, why);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, 0)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
}
