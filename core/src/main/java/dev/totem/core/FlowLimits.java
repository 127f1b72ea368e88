/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

/**
 * How much may be under way on the ring ({@code protocol.md} 4.6). Immutable, any thread.
 *
 * @param windowSize frames a rotation, whole ring; default 256, from 1. Too low: throughput is bound by the rotation; too
 *     high: receive buffers overflow and frames are sent twice
 * @param maxMessages frames a token visit, at most {@code windowSize}; default 96
 * @param missCountConst token visits at which a message must be found missing before it is requested, 1 to 16. Default 2: it
 *     was announced a whole rotation ago. Too low: frames that are still under way are sent twice; too high: losses are
 *     repaired late
 * @param netmtu the largest IP packet to send, headers included, 576 to 65,535; 0, the default, takes what the link allows
 * @param storeFrames frames kept for retransmission, a power of two, at least 4 × {@code windowSize}; default 16,384
 */
public record FlowLimits(int windowSize, int maxMessages, int missCountConst, int netmtu, int storeFrames) {

    public FlowLimits {
        range("window-size", windowSize, 1, 65_536);
        range("max-messages", maxMessages, 1, windowSize);
        range("miss-count-const", missCountConst, 1, 16);
        if (netmtu != 0) {
            range("netmtu", netmtu, 576, 65_535);
        }
        range("store-frames", storeFrames, 4 * windowSize, 1 << 20);
        if (Integer.bitCount(storeFrames) != 1) {
            throw new ConfigurationException("store-frames", String.valueOf(storeFrames), "must be a power of two");
        }
    }

    public static FlowLimits defaults() {
        return new FlowLimits(256, 96, 2, 0, 16_384);
    }

    /** Sets the window; {@code maxMessages} is lowered to it if it is larger. */
    public FlowLimits withWindowSize(int frames) {
        range("window-size", frames, 1, 65_536);
        return new FlowLimits(frames, Math.min(maxMessages, frames), missCountConst, netmtu, storeFrames);
    }

    public FlowLimits withMaxMessages(int frames) {
        return new FlowLimits(windowSize, frames, missCountConst, netmtu, storeFrames);
    }

    public FlowLimits withMissCountConst(int visits) {
        return new FlowLimits(windowSize, maxMessages, visits, netmtu, storeFrames);
    }

    public FlowLimits withNetmtu(int bytes) {
        return new FlowLimits(windowSize, maxMessages, missCountConst, bytes, storeFrames);
    }

    public FlowLimits withStoreFrames(int frames) {
        return new FlowLimits(windowSize, maxMessages, missCountConst, netmtu, frames);
    }

    private static void range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ConfigurationException(name, String.valueOf(value), "must be from " + least + " to " + most);
        }
    }
}
