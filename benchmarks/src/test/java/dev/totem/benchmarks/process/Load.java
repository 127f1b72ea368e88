/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Sends all the time at one node, on a thread of its own, until it is stopped or the node dies. */
final class Load {

    private static final int UNDER_WAY_MAX = 64;
    private static final String[] GUARANTEES = {"agreed", "safe", "fifo"};

    private final NodeProcess node;
    private final int bytes;
    private final Duration pause;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile int accepted;

    private Load(NodeProcess node, int bytes, Duration pause) {
        this.node = node;
        this.bytes = bytes;
        this.pause = pause;
        this.thread = new Thread(this::run, "load-on-" + node.id());
        thread.setDaemon(true);
    }

    /** Keeps a number of sends under way. */
    static Load on(NodeProcess node, int bytes) {
        return paced(node, bytes, Duration.ZERO);
    }

    /** The same with a pause after each, so that long tests do not spend their time on reading what the nodes say. */
    static Load paced(NodeProcess node, int bytes, Duration pause) {
        Load load = new Load(node, bytes, pause);
        load.thread.start();
        return load;
    }

    /** Ends the load and waits until every send was answered with {@code sent}. */
    void finish(Duration time) throws InterruptedException {
        stop();
        node.await("an answer to each of " + accepted + " sends", time, log -> log.sent.size() >= accepted);
        int failed = node.see(log -> log.failed.size());
        if (failed > 0) {
            throw new AssertionError("node " + node.id() + ": " + failed + " sends failed");
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
    }

    private void run() {
        try {
            for (int n = 0; !stopped && !node.see(log -> log.closed); n++) {
                int limit = n - UNDER_WAY_MAX;
                node.await(
                        "room for another send", Duration.ofSeconds(30), log -> log.closed || log.sent.size() > limit);
                byte[] data =
                        ByteBuffer.allocate(bytes).putInt(node.id()).putInt(n).array();
                node.send("load-" + n, data, GUARANTEES[n % GUARANTEES.length]);
                accepted = n + 1;
                LockSupport.parkNanos(pause.toNanos());
            }
        } catch (UncheckedIOException | AssertionError died) {
            // killed on purpose, or the test sees it by the node's log
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
