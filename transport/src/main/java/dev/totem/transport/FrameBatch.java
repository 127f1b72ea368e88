/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.internal.link.PathSizes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects frames and hands them on in as few writes as it can: consecutive frames of equal length for the same
 * destinations, the last of which may be shorter, are one. Keeps the order. Node loop only.
 */
final class FrameBatch {

    /** Of the length of long frames, so much is forgotten with each burst. */
    private static final int FORGOTTEN_PART = 64;

    private final int longBytesLeast;

    /**
     * About the longest frames of late. A first frame of half of it announces more of its kind, so room is taken for a whole
     * burst.
     */
    private int longBytes;

    private final BurstSink sink;
    private final LinkCounters counters;
    private @Nullable ByteBuf burst;
    private List<InetSocketAddress> destinations = List.of();
    private int frameBytes;
    private int frames;
    private boolean ended;

    FrameBatch(BurstSink sink, LinkCounters counters, int frameBytesMax) {
        this.sink = sink;
        this.counters = counters;
        this.longBytesLeast = Math.min(frameBytesMax, PathSizes.LEAST);
    }

    /**
     * Queues a copy of a frame.
     *
     * @param to the same list object each time for the same destinations
     */
    void add(ByteBuffer frame, List<InetSocketAddress> to) {
        int length = frame.remaining();
        if (length == 0 || length > UdpChannel.BURST_BYTES_MAX) {
            counters.increment(LinkCounter.FRAMES_OVERSIZED);
            frame.position(frame.limit());
            return;
        }
        ByteBuf open = burst;
        if (open == null || !fits(open, length, to)) {
            handOver();
            open = begin(length, to);
        }
        open.writeBytes(frame);
        frames++;
        ended = length < frameBytes || frames >= sink.framesInBurstMax();
    }

    private boolean fits(ByteBuf open, int length, List<InetSocketAddress> to) {
        return !ended
                && destinations == to
                && length <= frameBytes
                && open.readableBytes() + length <= UdpChannel.BURST_BYTES_MAX;
    }

    private ByteBuf begin(int length, List<InetSocketAddress> to) {
        longBytes = Math.max(Math.max(length, longBytesLeast), longBytes - longBytes / FORGOTTEN_PART);
        boolean more = 2 * length >= longBytes && sink.framesInBurstMax() > 1;
        ByteBuf begun = PooledByteBufAllocator.DEFAULT.directBuffer(more ? UdpChannel.BURST_BYTES_MAX : length);
        burst = begun;
        destinations = to;
        frameBytes = length;
        frames = 0;
        return begun;
    }

    private void handOver() {
        ByteBuf complete = burst;
        if (complete == null) {
            return;
        }
        burst = null;
        for (InetSocketAddress to : destinations) {
            sink.write(complete.retainedDuplicate(), frameBytes, to);
        }
        complete.release();
    }

    void flush() {
        handOver();
        sink.flush();
    }
}
