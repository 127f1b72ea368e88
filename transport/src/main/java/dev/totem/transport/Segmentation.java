/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import io.netty.channel.unix.Errors.NativeIoException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether a socket sends many frames in one write. The system may refuse that for a while, as when the interface carries less
 * for a moment: so it is tried again, after pauses that grow while it is refused. Node loop only.
 */
final class Segmentation {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(64);

    /** EIO, EINVAL, EMSGSIZE and EOPNOTSUPP, negative as Netty has them: how Linux refuses segmentation. */
    private static final Set<Integer> ERRORS = Set.of(-5, -22, -90, -95);

    private final boolean isSupported;
    private boolean isRefused;
    private long againNanos;
    private long pauseNanos = PAUSE_NANOS;

    Segmentation(boolean isSupported) {
        this.isSupported = isSupported;
    }

    boolean isOn(LongSupplier nowNanos) {
        return isRefused ? isDue(nowNanos.getAsLong()) : isSupported;
    }

    private boolean isDue(long nowNanos) {
        return isRefused && nowNanos - againNanos >= 0;
    }

    /** Whether an error says that the system does not do it. */
    static boolean isRefusedBy(Throwable cause) {
        return cause instanceof NativeIoException refused && ERRORS.contains(refused.expectedErr());
    }

    /** Writes that were queued together are refused together. */
    void refused(long nowNanos) {
        if (isRefused && !isDue(nowNanos)) {
            return;
        }
        isRefused = true;
        againNanos = nowNanos + pauseNanos;
        pauseNanos = Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
    }

    /** A write of many frames was taken. */
    void taken() {
        if (isRefused) {
            isRefused = false;
            pauseNanos = PAUSE_NANOS;
        }
    }
}
