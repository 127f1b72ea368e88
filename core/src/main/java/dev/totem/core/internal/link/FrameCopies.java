/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import dev.totem.core.spi.SealHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Ends the copies of frames that come by several networks. Node loop only, but for {@link #count}. */
final class FrameCopies {

    private final SeenFrames seen;
    private final AtomicLong ended = new AtomicLong();

    /** @param secret of this life, drawn by chance */
    FrameCopies(long secret) {
        seen = new SeenFrames(secret);
    }

    /** Any thread: how many have ended here. */
    long count() {
        return ended.get();
    }

    /** What is left of a read without copies, in as few pieces as they leave of it; the read stays as it is. */
    void passOn(ByteBuffer read, int network, Consumer<ByteBuffer> pieces) {
        ByteBuffer scan = read.slice();
        int from = 0;
        while (scan.hasRemaining()) {
            int at = scan.position();
            int length = SealHeader.skipFrame(scan);
            if (length != SealHeader.NO_FRAME && seen.isCopy(scan, at, length, network)) {
                ended.lazySet(ended.getPlain() + 1);
                piece(scan, from, at, pieces);
                from = at + length;
            }
        }
        piece(scan, from, scan.limit(), pieces);
    }

    private static void piece(ByteBuffer scan, int from, int to, Consumer<ByteBuffer> pieces) {
        if (to > from) {
            pieces.accept(scan.slice(from, to - from));
        }
    }
}
