/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * Buffers to read into in which no datagram is ever cut. Node loop only.
 *
 * <p>With epoll one system call fills several. Without it Netty collects all datagrams of a pass before it hands over the
 * first, each in a buffer of the largest size; so there they share slabs, each beginning where the one before ended.
 */
final class ReadBuffers {

    /** No datagram is longer, nor several that the system has coalesced. */
    static final int DATAGRAM_BYTES_MAX = 65_536;

    private static final int DATAGRAMS_A_CALL = 4;

    private static final int SLAB_BYTES = 16 * DATAGRAM_BYTES_MAX;

    private ReadBuffers() {}

    static RecvByteBufAllocator batched(int readsMax) {
        return new FixedRecvByteBufAllocator(DATAGRAMS_A_CALL * DATAGRAM_BYTES_MAX).maxMessagesPerRead(readsMax);
    }

    static RecvByteBufAllocator slabs(int readsMax) {
        return new Slabs().maxMessagesPerRead(readsMax);
    }

    private static final class Slabs extends DefaultMaxMessagesRecvByteBufAllocator {

        @Override
        @SuppressWarnings("deprecation") // the only type that the interface has
        public Handle newHandle() {
            return new SlabHandle();
        }

        private final class SlabHandle extends MaxMessageHandle {

            private ByteBuf slab = Unpooled.EMPTY_BUFFER;
            private int usedBytes;

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                if (slab.capacity() - usedBytes < DATAGRAM_BYTES_MAX) {
                    slab.release();
                    slab = allocator.directBuffer(SLAB_BYTES, SLAB_BYTES);
                    usedBytes = 0;
                }
                return slab.retainedSlice(usedBytes, DATAGRAM_BYTES_MAX).clear();
            }

            @Override
            public void lastBytesRead(int bytes) {
                usedBytes += Math.max(0, bytes);
                super.lastBytesRead(bytes);
            }

            @Override
            public void readComplete() {
                slab.release();
                slab = Unpooled.EMPTY_BUFFER;
                usedBytes = 0;
            }

            @Override
            public int guess() {
                return DATAGRAM_BYTES_MAX;
            }
        }
    }
}
