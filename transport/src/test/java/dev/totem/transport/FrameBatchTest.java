/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FrameBatchTest {

    private static final InetSocketAddress A = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final InetSocketAddress B = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
    private static final List<InetSocketAddress> ONE = List.of(A);
    private static final List<InetSocketAddress> BOTH = List.of(A, B);

    private final Recorder sink = new Recorder();
    private final LinkCounters counters = new LinkCounters();
    private final FrameBatch batch = new FrameBatch(sink, counters, 1_472);

    @Test
    void equalFramesAreOneWriteAndAShorterOneEndsIt() {
        add(ONE, 100, 100, 100, 40, 100, 40);
        batch.flush();

        assertThat(sink.writes).containsExactly("340/100>1", "140/100>1", "flush");
        assertThat(sink.bytes).isEqualTo(sequence(6));
    }

    @Test
    void aLongerFrameBeginsAnotherWrite() {
        add(ONE, 100, 100, 101, 101);
        batch.flush();

        assertThat(sink.writes).containsExactly("200/100>1", "202/101>1", "flush");
    }

    @Test
    @Tag("P64")
    void theTokenLeavesAfterTheDataAndBeforeWhatFollowsIt() {
        add(BOTH, 100, 100);
        add(ONE, 50);
        add(BOTH, 50);
        batch.flush();

        assertThat(sink.writes).containsExactly("200/100>1", "200/100>2", "50/50>1", "50/50>1", "50/50>2", "flush");
    }

    @Test
    void aBurstIsNoLongerThanOneSystemCallCarries() {
        for (int i = 0; i < 50; i++) {
            add(ONE, 1_472);
        }
        batch.flush();

        assertThat(sink.writes).containsExactly("64768/1472>1", "8832/1472>1", "flush");
    }

    @Test
    void aBurstHasNoMoreFramesThanTheSystemTakes() {
        for (int i = 0; i < 65; i++) {
            add(ONE, 10);
        }
        batch.flush();

        assertThat(sink.writes).containsExactly("640/10>1", "10/10>1", "flush");
    }

    @Test
    void withoutSegmentationEachFrameIsAWrite() {
        sink.framesMax = 1;

        add(ONE, 100, 100, 40);
        batch.flush();

        assertThat(sink.writes).containsExactly("100/100>1", "100/100>1", "40/40>1", "flush");
    }

    @Test
    void nothingLeavesBeforeTheFlushThatCouldStillGrow() {
        add(ONE, 100, 100);

        assertThat(sink.writes).isEmpty();
    }

    @Test
    void dropsAndCountsWhatNoDatagramHolds() {
        add(ONE, 65_508);
        batch.flush();

        assertThat(sink.writes).containsExactly("flush");
        assertThat(counters.get(LinkCounter.FRAMES_OVERSIZED)).isEqualTo(1);
    }

    private int added;

    private void add(List<InetSocketAddress> to, int... lengths) {
        for (int length : lengths) {
            byte[] frame = new byte[length];
            Arrays.fill(frame, (byte) added++);
            batch.add(ByteBuffer.wrap(frame), to);
        }
    }

    private static List<Byte> sequence(int frames) {
        List<Byte> sequence = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            sequence.add((byte) i);
        }
        return sequence;
    }

    /** Notes each write as bytes / frame length > port, and the distinct values of the bytes in their order. */
    private static final class Recorder implements BurstSink {

        private final List<String> writes = new ArrayList<>();
        private final List<Byte> bytes = new ArrayList<>();
        private int framesMax = 64;

        @Override
        public int framesInBurstMax() {
            return framesMax;
        }

        @Override
        public void write(ByteBuf burst, int frameBytes, InetSocketAddress to) {
            writes.add(burst.readableBytes() + "/" + frameBytes + ">" + to.getPort());
            while (burst.isReadable()) {
                byte next = burst.readByte();
                if (bytes.isEmpty() || bytes.get(bytes.size() - 1) != next) {
                    bytes.add(next);
                }
            }
            burst.release();
        }

        @Override
        public void flush() {
            writes.add("flush");
        }
    }
}
