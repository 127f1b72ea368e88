/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** Takes what {@link FrameBatch} has collected. Node loop only. */
interface BurstSink {

    /** How many equal frames {@link #write} sends in one system call now. */
    int framesInBurstMax();

    /**
     * Queues a burst until {@link #flush()}.
     *
     * @param burst one or more frames, all but the last of the same length; the callee releases it
     * @param frameBytes the length of the first
     */
    void write(ByteBuf burst, int frameBytes, InetSocketAddress to);

    /** Sends what is queued, in order. */
    void flush();
}
