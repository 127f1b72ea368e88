/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.ConfigurationException;
import dev.totem.core.internal.settings.FlowLimits;

/**
 * How a node's memory is split. Any thread.
 *
 * @param sendBytes messages of this node, from their admission until they came back
 * @param orderBytes frames that some member may still need: the store of the ring, and that of the old ring in recovery
 * @param deliveryBytes what waits for subscribers
 */
record MemoryShares(long sendBytes, long orderBytes, long deliveryBytes) {

    private static final int TIMES_LOWERED_MAX = 16;

    /**
     * @param heapBytes what the JVM may use at most
     * @throws ConfigurationException if the memory is more than half of it: the rest is for what arrives, and for the
     *     application
     */
    static MemoryShares of(long memoryBytes, long heapBytes) {
        if (memoryBytes > heapBytes / 2) {
            throw new ConfigurationException(
                    "memory",
                    String.valueOf(memoryBytes),
                    "does not fit into this JVM: it is more than half of the heap, " + heapBytes
                            + " bytes (-Xmx); set memory to at most " + heapBytes / 2 + ", or -Xmx to at least "
                            + (2 * memoryBytes + (1 << 20) - 1) / (1 << 20) + "m");
        }
        return new MemoryShares(memoryBytes / 4, memoryBytes / 4, memoryBytes / 2);
    }

    /**
     * The flow limits with a store of as many frames as fit, at most what was set; if four of their windows do not fit, up to
     * sixteen times lower ones, as where the receive buffer is small.
     *
     * @throws ConfigurationException if that is less than the four windows which the ring's flow control needs
     */
    FlowLimits fit(FlowLimits flow, int frameBytes) {
        int fitting = (int) Math.min(flow.storeFrames(), Math.max(1, orderBytes / frameBytes));
        int frames = Integer.highestOneBit(fitting);
        int needed = 4 * flow.windowSize();
        int times = Math.max(1, (needed + frames - 1) / frames);
        if (times > TIMES_LOWERED_MAX || frames < 4) {
            throw new ConfigurationException(
                    "memory",
                    String.valueOf(4 * orderBytes),
                    "its quarter for ordering holds " + frames + " frames of " + frameBytes
                            + " bytes, and four windows of window-size " + flow.windowSize()
                            + " must fit: raise it (half of the heap, -Xmx, is the most), or lower window-size or netmtu");
        }
        return flow.dividedBy(times).withStoreFrames(frames);
    }
}
