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

    static MemoryShares of(long memoryBytes) {
        return new MemoryShares(memoryBytes / 4, memoryBytes / 4, memoryBytes / 2);
    }

    /**
     * The flow limits with a store of as many frames as fit, at most what was set.
     *
     * @throws ConfigurationException if that is less than the four windows which the ring's flow control needs
     */
    FlowLimits fit(FlowLimits flow, int frameBytes) {
        int fitting = (int) Math.min(flow.storeFrames(), Math.max(1, orderBytes / frameBytes));
        int frames = Integer.highestOneBit(fitting);
        if (frames < 4 * flow.windowSize()) {
            throw new ConfigurationException(
                    "memory",
                    String.valueOf(4 * orderBytes),
                    "its quarter for ordering holds " + frames + " frames of " + frameBytes
                            + " bytes, and four windows of window-size " + flow.windowSize()
                            + " must fit: raise it, or lower window-size or netmtu");
        }
        return flow.withStoreFrames(frames);
    }
}
