/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody without the key whom the nodes' links let through: sends garbage, what he has overheard, and overheard headers
 * with other tags, as many as he is told. Any thread; sends in one of its own.
 */
final class Stranger implements AutoCloseable {

    private final DatagramChannel channel;
    private final List<InetSocketAddress> targets;
    private final List<byte[]> arsenal;
    private final int perSecond;
    private final Thread thread = new Thread(this::run, "stranger");
    private volatile boolean stopped;
    private volatile long sent;

    /** @param channel bound, as large as datagrams get, and blocking */
    Stranger(DatagramChannel channel, List<InetSocketAddress> targets, List<byte[]> overheard, int perSecond) {
        this.channel = channel;
        this.targets = List.copyOf(targets);
        this.arsenal = arsenal(overheard);
        this.perSecond = perSecond;
        thread.setDaemon(true);
        thread.start();
    }

    long sent() {
        return sent;
    }

    private static List<byte[]> arsenal(List<byte[]> overheard) {
        Random random = new Random(7);
        List<byte[]> all = new ArrayList<>();
        for (byte[] frame : overheard) {
            byte[] garbage = new byte[frame.length];
            random.nextBytes(garbage);
            byte[] wrongTag = frame.clone();
            wrongTag[wrongTag.length - 1] ^= 1;
            byte[] fresh = frame.clone();
            // A counter that was never used, and a life that never was.
            ByteBuffer.wrap(fresh).putLong(24, random.nextInt() & Integer.MAX_VALUE);
            byte[] unknown = frame.clone();
            ByteBuffer.wrap(unknown).putLong(16, random.nextLong());
            all.addAll(List.of(garbage, frame, wrongTag, fresh, unknown));
        }
        return all;
    }

    private void run() {
        long start = System.nanoTime();
        try {
            for (int i = 0; !stopped; i++) {
                long dueNanos = start + i * 1_000_000_000L / perSecond;
                long left = dueNanos - System.nanoTime();
                if (left > 0) {
                    LockSupport.parkNanos(left);
                } else if (left < -1_000_000_000L) {
                    // What this machine cannot send is not sent later.
                    start -= left;
                }
                channel.send(ByteBuffer.wrap(arsenal.get(i % arsenal.size())), targets.get(i % targets.size()));
                sent = i + 1L;
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }
}
