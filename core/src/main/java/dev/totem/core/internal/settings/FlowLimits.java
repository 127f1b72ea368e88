/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.settings;

import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;

/**
 * How much may be under way on the ring ({@code PROTOCOL.md} 4.6); {@link Settings} says what each is. Immutable, any
 * thread.
 *
 * <p>Frames of up to 4,094 bytes are counted, as on an ordinary network. On a link whose frames are longer (65,504 bytes
 * over loopback) a node uses as many times fewer of them as they are longer, in all four limits that count frames, so that
 * the bytes under way stay about the same; up to four times fewer again where a window does not fit the receive buffer that
 * the system grants, and up to sixteen times where four windows do not fit a quarter of {@code memory}.
 */
public record FlowLimits(
        int windowSize, int maxMessages, int missCountConst, int acceleratedWindow, int netmtu, int storeFrames) {

    /** No node's window is larger, frames. */
    public static final int WINDOW_SIZE_MAX = Settings.WINDOW_SIZE.most();

    static FlowLimits of(TotemConfig config) {
        return new FlowLimits(
                config.get(Settings.WINDOW_SIZE),
                config.get(Settings.MAX_MESSAGES),
                config.get(Settings.MISS_COUNT_CONST),
                config.get(Settings.ACCELERATED_WINDOW),
                config.get(Settings.NETMTU),
                config.get(Settings.STORE_FRAMES));
    }

    public FlowLimits withStoreFrames(int frames) {
        return new FlowLimits(windowSize, maxMessages, missCountConst, acceleratedWindow, netmtu, frames);
    }

    /** So many times less of each limit that counts frames; nothing becomes less than one frame. */
    public FlowLimits dividedBy(int times) {
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
}
