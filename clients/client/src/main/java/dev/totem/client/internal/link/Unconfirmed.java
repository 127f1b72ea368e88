/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.link;

import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.FrameWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The numbered frames that one side has said and the other has not confirmed, to be said again on the next connection. One
 * thread.
 */
public final class Unconfirmed {

    private final ArrayDeque<ByteBuf> frames = new ArrayDeque<>();
    private long first;
    private long bytes;
    private @Nullable Wire wire;

    /** Bytes kept. */
    public long bytes() {
        return bytes;
    }

    /** The number of the next frame. */
    public long next() {
        return first + frames.size();
    }

    /**
     * Says it now, if there is a connection, and keeps it.
     *
     * @return its bytes
     */
    public int say(Frame frame) {
        ByteBuf buffer = FrameWriter.write(frame, PooledByteBufAllocator.DEFAULT);
        int size = buffer.readableBytes();
        frames.add(buffer);
        bytes += size;
        Wire now = wire;
        if (now != null) {
            now.write(buffer.retainedDuplicate());
        }
        return size;
    }

    /**
     * The other side has received so many since the session began.
     *
     * @return false if it cannot have
     */
    public boolean confirm(long received) {
        if (received > next()) {
            return false;
        }
        while (first < received) {
            ByteBuf frame = frames.remove();
            bytes -= frame.readableBytes();
            frame.release();
            first++;
        }
        return true;
    }

    /** Goes on at another connection with what the other side does not have; it has confirmed what it has. */
    public void attach(Wire to) {
        wire = to;
        frames.forEach(frame -> to.write(frame.retainedDuplicate()));
    }

    /** Keeps what is said from now on. */
    public void detach() {
        wire = null;
    }

    /** Begins anew with nothing. */
    public void clear() {
        wire = null;
        frames.forEach(ByteBuf::release);
        frames.clear();
        bytes = 0;
        first = 0;
    }
}
