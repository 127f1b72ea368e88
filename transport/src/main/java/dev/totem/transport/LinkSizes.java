/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.FlowLimits;

/**
 * The traffic a link is made for. Any thread.
 *
 * @param frameBytesMax the largest frame, bytes
 * @param windowSize frames a rotation
 * @param visitFrames frames a token visit
 * @param copies how often a frame for everybody is sent
 */
record LinkSizes(int frameBytesMax, int windowSize, int visitFrames, int copies) {

    static LinkSizes of(LocalAddress local, FlowLimits flow, int copies) {
        return new LinkSizes(local.frameBytesMax(flow.netmtu()), flow.windowSize(), flow.maxMessages(), copies);
    }
}
