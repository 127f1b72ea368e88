/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import reactor.core.publisher.Flux;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * The kept connections of the web server: from when the context begins to close, each response says that its connection ends, and the
 * server's stop, which would reset idle ones with a request on its way, waits for them. HTTP/1.1 without HTTP/2 beside it. Any
 * thread; stops on the context's.
 */
public final class KeptConnections
        implements NettyServerCustomizer, ApplicationListener<ContextClosedEvent>, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(KeptConnections.class);

    private static final String NAME = "totem.farewell";
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** For requests that came last. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ApplicationContext application;
    private final Set<Farewell> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosing;
    private volatile boolean isRunning;

    /** @param application whose close ends them */
    public KeptConnections(ApplicationContext application) {
        this.application = application;
    }

    @Override
    public HttpServer apply(HttpServer server) {
        return server.doOnChannelInit((observer, channel, address) -> add(channel));
    }

    private void add(Channel channel) {
        if (channel.pipeline().get(NettyPipeline.HttpTrafficHandler) == null) {
            return;
        }
        Farewell farewell = new Farewell(() -> isClosing, LINGER);
        channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, NAME, farewell);
        open.add(farewell);
        channel.closeFuture().addListener(closed -> open.remove(farewell));
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() == application) {
            isClosing = true;
        }
    }

    @Override
    public void start() {
        isRunning = true;
    }

    @Override
    public void stop() {
        isRunning = false;
    }

    @Override
    public void stop(Runnable done) {
        stop();
        Flux.fromIterable(open)
                .flatMap(Farewell::end)
                .then()
                .timeout(LIMIT)
                .doFinally(signal -> done.run())
                .subscribe(
                        nothing -> {},
                        late -> LOG.warn("the ring is left while HTTP connections are open: {}", late.toString()));
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return Phases.KEPT_CONNECTIONS;
    }
}
