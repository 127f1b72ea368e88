/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** What one processor sends: each payload begins with the count of it, and the moment it was made is kept aside. Any thread. */
public final class LoadPayloads {

    /** More than can be under way at once ({@code sends-in-flight} is at most this), a power of two. */
    private static final int MOMENTS = 1 << 20;

    private final int sizeBytes;
    private final AtomicLongArray moments;
    private final AtomicLong next = new AtomicLong();

    public LoadPayloads(LoadPlan plan) {
        this.sizeBytes = plan.sizeBytes();
        this.moments = new AtomicLongArray(plan.sends() ? MOMENTS : 1);
    }

    /** The next payload. */
    public byte[] next() {
        return next(0);
    }

    /**
     * The next payload for a system that does not tell its receivers who sent it.
     *
     * @param mark put over the count, which takes the lower 48 bits
     */
    public byte[] next(long mark) {
        long counter = next.getAndIncrement();
        byte[] payload = new byte[sizeBytes];
        ByteBuffer.wrap(payload).putLong(mark | counter);
        moments.setPlain((int) (counter & (MOMENTS - 1)), System.nanoTime());
        return payload;
    }

    /** When the payload with this count was made, {@link System#nanoTime()}. */
    long madeAtNanos(long counter) {
        return moments.getPlain((int) (counter & (MOMENTS - 1)));
    }
}
