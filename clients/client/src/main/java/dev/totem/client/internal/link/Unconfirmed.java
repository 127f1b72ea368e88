/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.link;

import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.FrameWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The numbered frames that one side has said and the other has not confirmed, to be said again on the next connection. One
 * thread.
 *
 * <p>Frames that are said together are kept, and leave, in one buffer.
 */
public final class Unconfirmed {

    /** A buffer with so many bytes takes no more frames. */
    private static final int TOGETHER_BYTES = 32 << 10;

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private long first;
    private long left;
    private long next;
    private long bytes;
    private int usualBytes;
    private int notHandedOver;
    private @Nullable Wire wire;

    /** Frames in one buffer, one after another. */
    private static final class Chunk {

        private final ByteBuf buffer;
        private int[] ends = new int[4];
        private int count;
        private int confirmed;
        private boolean isHandedOver;

        Chunk(ByteBuf buffer) {
            this.buffer = buffer;
        }

        boolean isOpen() {
            return !isHandedOver && buffer.readableBytes() < TOGETHER_BYTES;
        }

        int add(Frame frame) {
            int size = FrameWriter.append(frame, buffer);
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * count);
            }
            ends[count++] = buffer.writerIndex();
            return size;
        }

        /** The bytes of the next frame, which is confirmed by this. */
        int confirm() {
            int size = ends[confirmed] - start();
            confirmed++;
            return size;
        }

        private int start() {
            return confirmed == 0 ? 0 : ends[confirmed - 1];
        }

        boolean isConfirmed() {
            return confirmed == count;
        }

        void handOver(Wire to) {
            isHandedOver = true;
            to.write(buffer.retainedSlice(start(), buffer.writerIndex() - start()));
        }
    }

    /** Bytes kept. */
    public long bytes() {
        return bytes;
    }

    /**
     * Says it, and keeps it. If there is a connection it leaves when that is flushed after the next {@link #handOver}.
     *
     * @return its bytes
     */
    public int say(Frame frame) {
        Chunk last = chunks.peekLast();
        if (last == null || !last.isOpen()) {
            int expected = Math.max(FrameWriter.sizeEstimate(frame), usualBytes);
            last = new Chunk(PooledByteBufAllocator.DEFAULT.buffer(expected));
            chunks.add(last);
            notHandedOver++;
        }
        int size = last.add(frame);
        next++;
        bytes += size;
        return size;
    }

    /** What was said leaves with the next flush of the connection, if there is one. */
    public void handOver() {
        Wire now = wire;
        Chunk last = chunks.peekLast();
        if (now == null || last == null || notHandedOver == 0) {
            return;
        }
        usualBytes = Math.min(TOGETHER_BYTES, last.buffer.writerIndex()) / 2;
        if (notHandedOver == 1) {
            last.handOver(now);
        } else {
            chunks.stream().filter(chunk -> !chunk.isHandedOver).forEach(chunk -> chunk.handOver(now));
        }
        notHandedOver = 0;
        left = next;
    }

    /**
     * The other side has received so many since the session began.
     *
     * @return false if it cannot have
     */
    public boolean confirm(long received) {
        if (received > left) {
            return false;
        }
        while (first < received) {
            Chunk chunk = chunks.element();
            bytes -= chunk.confirm();
            first++;
            if (chunk.isConfirmed()) {
                chunks.remove().buffer.release();
            }
        }
        return true;
    }

    /** Goes on at another connection with what the other side does not have; it has confirmed what it has. */
    public void attach(Wire to) {
        wire = to;
        chunks.forEach(chunk -> chunk.handOver(to));
        notHandedOver = 0;
        left = next;
    }

    /** Keeps what is said from now on. */
    public void detach() {
        wire = null;
    }

    /** Begins anew with nothing; what was said leaves all the same. */
    public void clear() {
        handOver();
        wire = null;
        chunks.forEach(chunk -> chunk.buffer.release());
        chunks.clear();
        bytes = 0;
        notHandedOver = 0;
        first = 0;
        left = 0;
        next = 0;
    }
}
