/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last frame that somebody did not get who was asked for his id first. Node loop only. */
final class KeptFrame {

    private byte @Nullable [] bytes;
    private long atNanos;

    void keep(ByteBuffer frame, long nowNanos) {
        byte[] copy = new byte[frame.remaining()];
        frame.duplicate().get(copy);
        bytes = copy;
        atNanos = nowNanos;
    }

    /** A frame that is not fresh is sent again by the protocol, or said in other words. */
    Optional<ByteBuffer> ifFresh(long nowNanos) {
        byte[] kept = bytes;
        if (kept == null || !Introductions.isFresh(atNanos, nowNanos)) {
            bytes = null;
            return Optional.empty();
        }
        return Optional.of(ByteBuffer.wrap(kept));
    }
}
