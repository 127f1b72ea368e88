/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

/**
 * How much may be under way on the ring ({@code PROTOCOL.md} 4.6). Immutable, any thread.
 *
 * <p>Frames of up to 4,094 bytes are counted, as on an ordinary network. On a link whose frames are longer (65,504 bytes over
 * loopback) a node uses as many times fewer of them as they are longer, in all four limits that count frames, so that the bytes under
 * way stay about the same; up to four times fewer again where a window does not fit the receive buffer that the system grants, and up
 * to sixteen times where four windows do not fit a quarter of {@code memory}.
 *
 * @param windowSize frames per rotation, whole ring; default 1024, from 1. Too low: throughput is bound by the rotation; too
 *     high: receive buffers overflow and frames are sent twice
 * @param maxMessages frames per token visit, at most {@code windowSize}; default 384
 * @param missCountConst token visits at which a message must be found missing before it is requested, 1 to 16. Default 2: it
 *     was announced a whole rotation ago. Too low: frames that are still under way are sent twice; too high: losses are
 *     repaired late
 * @param acceleratedWindow how many of the frames of a token visit may follow the token instead of going before it
 *     ({@code PROTOCOL.md} 7), 0 to {@code maxMessages}; default 128. 0 is the original ring. All members should agree. Too
 *     high: buffers of switches overflow, as the bursts of two members meet there. None does while a rotation has at most a
 *     thirty-second of {@code windowSize} frames. With more than 0, {@code missCountConst} is at least 2
 * @param netmtu the largest IP packet to send, headers included, 576 to 65,535; 0, the default, takes what the link allows
 * @param storeFrames frames kept for retransmission, a power of two, at least 4 × {@code windowSize}; default 16,384
 */
public record FlowLimits(
        int windowSize, int maxMessages, int missCountConst, int acceleratedWindow, int netmtu, int storeFrames) {

    /** The largest {@link #windowSize}, in frames. */
    public static final int WINDOW_SIZE_MAX = 65_536;

    private static final int TIMES_MAX = 64;

    public FlowLimits {
        range("window-size", windowSize, 1, WINDOW_SIZE_MAX);
        range("max-messages", maxMessages, 1, windowSize);
        range("accelerated-window", acceleratedWindow, 0, maxMessages);
        range("miss-count-const", missCountConst, 1, 16);
        if (missCountConst == 1 && acceleratedWindow > 0) {
            // PROTOCOL.md 7.2: only what the token before this one announced can be missing.
            throw new ConfigurationException(
                    "miss-count-const",
                    "1",
                    "needs accelerated-window=0 (it is " + acceleratedWindow + "), or 2 and more");
        }
        if (netmtu != 0) {
            range("netmtu", netmtu, 576, 65_535);
        }
        range("store-frames", storeFrames, 4 * windowSize, 1 << 20);
        if (Integer.bitCount(storeFrames) != 1) {
            throw new ConfigurationException("store-frames", String.valueOf(storeFrames), "must be a power of two");
        }
    }

    public static FlowLimits defaults() {
        return new FlowLimits(1_024, 384, 2, 128, 0, 16_384);
    }

    /** Sets the window; what is larger and must not be is lowered to it. */
    public FlowLimits withWindowSize(int frames) {
        range("window-size", frames, 1, WINDOW_SIZE_MAX);
        int visit = Math.min(maxMessages, frames);
        return new FlowLimits(frames, visit, missCountConst, Math.min(acceleratedWindow, visit), netmtu, storeFrames);
    }

    /** Sets the visit limit; {@code acceleratedWindow} is lowered to it if it is larger. */
    public FlowLimits withMaxMessages(int frames) {
        return new FlowLimits(
                windowSize, frames, missCountConst, Math.min(acceleratedWindow, frames), netmtu, storeFrames);
    }

    public FlowLimits withMissCountConst(int visits) {
        return new FlowLimits(windowSize, maxMessages, visits, acceleratedWindow, netmtu, storeFrames);
    }

    public FlowLimits withAcceleratedWindow(int frames) {
        return new FlowLimits(windowSize, maxMessages, missCountConst, frames, netmtu, storeFrames);
    }

    public FlowLimits withNetmtu(int bytes) {
        return new FlowLimits(windowSize, maxMessages, missCountConst, acceleratedWindow, bytes, storeFrames);
    }

    public FlowLimits withStoreFrames(int frames) {
        return new FlowLimits(windowSize, maxMessages, missCountConst, acceleratedWindow, netmtu, frames);
    }

    /** So many times less of each limit that counts frames, 1 to 64; nothing becomes less than one frame. */
    public FlowLimits dividedBy(int times) {
        range("times", times, 1, TIMES_MAX);
        int window = Math.max(1, windowSize / times);
        int visit = Math.min(window, Math.max(1, maxMessages / times));
        int store = Integer.highestOneBit(Math.max(4 * window, storeFrames / times));
        return new FlowLimits(
                window,
                visit,
                missCountConst,
                Math.min(visit, (acceleratedWindow + times - 1) / times),
                netmtu,
                store < 4 * window ? 2 * store : store);
    }

    private static void range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ConfigurationException(name, String.valueOf(value), "must be from " + least + " to " + most);
        }
    }
}
