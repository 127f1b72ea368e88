/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.SealSession;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** With frames outside the heap. */
class BoringSealTest extends SealContract {

    private static final int SHORT_TEXT_BYTES = 1_400;

    @Override
    DatagramSeal seal() {
        return Keys.seal(Keys.master(1), BoringGcmAead.over(CtrGcmAead::new), new SecureRandom(), AeadSeal.PART_FRAMES);
    }

    /** {@code SealBenchmark} has the exact number; here, whatever the compiler has come to, it is far below a copy. */
    @Test
    void makesNoCopyOfAShortTextOnTheHeap() {
        SealSession session = seal().session(NodeId.of(1), "cluster");
        ByteBuffer text = session.buffer(SHORT_TEXT_BYTES);
        ByteBuffer frame = session.buffer(SHORT_TEXT_BYTES + session.overheadBytes());
        assertThat(frame.isDirect()).isTrue();

        allocatedBySealing(session, text, frame);

        assertThat(allocatedBySealing(session, text, frame)).isLessThan(SHORT_TEXT_BYTES / 2);
    }

    /** Bytes a frame. */
    private static long allocatedBySealing(SealSession session, ByteBuffer text, ByteBuffer frame) {
        int frames = 10_000;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < frames; i++) {
            session.seal(text.clear(), frame.clear());
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / frames;
    }
}
