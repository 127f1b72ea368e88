/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.internal.settings.FlowLimits;

/**
 * The traffic a link is made for. Any thread.
 *
 * @param frameBytesMax the largest frame, bytes
 * @param windowWanted frames per rotation, if they fit the receive buffer
 * @param windowSize frames per rotation
 * @param visitFrames frames per token visit
 * @param copies how often a frame for everybody is sent
 */
record LinkSizes(int frameBytesMax, int windowWanted, int windowSize, int visitFrames, int copies) {

    /**
     * @param wanted the limits in frames of this interface
     * @param flow the same, as far as they fit the receive buffer
     */
    static LinkSizes of(LocalAddress local, FlowLimits wanted, FlowLimits flow, int copies) {
        return new LinkSizes(
                local.frameBytesMax(flow.netmtu()), wanted.windowSize(), flow.windowSize(), flow.maxMessages(), copies);
    }
}
