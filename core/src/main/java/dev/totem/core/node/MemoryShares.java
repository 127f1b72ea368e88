/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

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
}
