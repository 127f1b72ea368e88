/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.NodeScheduler;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** A node alone on a thread of its own, in real time: what it is sent, it orders at once. */
public final class LiveNode implements AutoCloseable {

    public static final Duration LIMIT = Duration.ofSeconds(20);

    public final Loop loop = new Loop();
    public final TotemNode node;

    public LiveNode(NodeSettings config) {
        NodeEnvironment environment = new NodeEnvironment(
                new NowhereLink(), loop, new StepWorld.PlainSeal(), new StepWorld.Disk(), new Random(1));
        node = RunningNode.start(NodeId.of(1), config, environment, bound -> {}).block(LIMIT);
    }

    @Override
    public void close() {
        node.leave().block(LIMIT);
        loop.executor.shutdown();
    }

    /** A loop that can be shut down under the node. */
    public static class Loop implements NodeScheduler {

        private volatile Thread thread;

        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, this::made) {
            @Override
            protected void terminated() {
                ended.complete(null);
            }
        };

        private Thread made(Runnable task) {
            Thread made = new Thread(task, "loop");
            made.setDaemon(true);
            thread = made;
            return made;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored")
        public void whenEnded(Runnable task) {
            ended.thenRun(task);
        }

        @Override
        public long nowNanos() {
            return System.nanoTime();
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public Cancellation schedule(long deadlineNanos, Runnable task) {
            Future<?> scheduled = executor.schedule(task, deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }

        @Override
        public boolean inLoop() {
            return Thread.currentThread() == thread;
        }
    }

    /** Reaches nobody. */
    static class NowhereLink implements DatagramLink {

        @Override
        public int frameBytesMax() {
            return StepWorld.FRAME_BYTES;
        }

        @Override
        public void start(Receiver receiver) {}

        @Override
        public void multicast(ByteBuffer frame) {}

        @Override
        public void unicast(NodeId to, ByteBuffer frame) {}

        @Override
        public void reply(SocketAddress source, ByteBuffer frame) {}

        @Override
        public void flush() {}

        @Override
        public boolean learn(NodeId node, SocketAddress source) {
            return false;
        }

        @Override
        public void proven(NodeId node, SocketAddress source, boolean isNewLife) {}

        @Override
        public Map<Statistic, Long> statistics() {
            return Map.of();
        }

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }
    }
}
