/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.NodeId;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealHeaderTest {

    private static final SealHeader HEADER = new SealHeader(1, 2, 0xCAFEBABE, NodeId.of(7));

    @Test
    void writesTheDocumentedLayout() {
        byte[] frame = new byte[40];

        HEADER.write(ByteBuffer.wrap(frame), 40, 0x0102030405060708L, 9);

        assertThat(HexFormat.of().formatHex(frame))
                .isEqualTo("e5" + "01" + "01" + "02" + "0028" + "00" + "00" + "cafebabe" + "00000007"
                        + "0102030405060708" + "0000000000000009" + "0000000000000000");
    }

    @Test
    void readsWhatItWrote() {
        ByteBuffer frames = ByteBuffer.allocate(100).position(10);
        HEADER.write(frames, 40, -5, Long.MIN_VALUE);
        frames.position(10);

        assertThat(SealHeader.skipFrame(frames)).isEqualTo(40);
        assertThat(frames.position()).isEqualTo(50);
        assertThat(HEADER.refusal(frames, 10)).isEmpty();
        assertThat(SealHeader.senderAt(frames, 10)).isEqualTo(7);
        assertThat(SealHeader.keyIdAt(frames, 10)).isEqualTo(2);
        assertThat(SealHeader.lifeAt(frames, 10)).isEqualTo(-5);
        assertThat(SealHeader.counterAt(frames, 10)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void namesLengthsUpToTheLongestFrame() {
        ByteBuffer frame = frame(SealHeader.FRAME_BYTES_MAX);

        assertThat(SealHeader.skipFrame(frame)).isEqualTo(SealHeader.FRAME_BYTES_MAX);
    }

    @ParameterizedTest
    @ValueSource(ints = {31, 65_536})
    void refusesToWriteLengthsThatItCannotName(int frameBytes) {
        ByteBuffer frame = ByteBuffer.allocate(SealHeader.BYTES);

        assertThatThrownBy(() -> HEADER.write(frame, frameBytes, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(frame.position()).isZero();
    }

    @ParameterizedTest(name = "byte {0} is {1}: {2}")
    @CsvSource({
        "0, 0, MALFORMED",
        "1, 2, MALFORMED",
        "4, 1, MALFORMED",
        "5, 31, MALFORMED",
        "5, 41, MALFORMED",
        "6, 3, MALFORMED",
        "6, 255, MALFORMED",
        "7, 1, MALFORMED",
        "12, 128, MALFORMED",
        "15, 0, MALFORMED",
        "2, 0, OTHER_SUITE",
        "11, 0, OTHER_CLUSTER"
    })
    void tellsWhyAFrameIsNotOurs(int index, int value, OpenFailure expected) {
        ByteBuffer frame = frame(40);
        frame.put(index, (byte) value);

        OpenFailure failure = SealHeader.skipFrame(frame) == SealHeader.NO_FRAME
                ? OpenFailure.MALFORMED
                : HEADER.refusal(frame, 0).orElseThrow();

        assertThat(failure).isEqualTo(expected);
        assertThat(frame.hasRemaining()).isFalse();
    }

    @Test
    void tellsClustersApartByTheHashOfTheirName() {
        assertThat(SealHeader.clusterTag("abc")).isEqualTo(0xBA7816BF);
        assertThat(SealHeader.clusterTag("totem")).isNotEqualTo(SealHeader.clusterTag("totem2"));
    }

    private static ByteBuffer frame(int frameBytes) {
        ByteBuffer frame = ByteBuffer.allocate(frameBytes);
        HEADER.write(frame, frameBytes, 0x0102030405060708L, 9);
        return frame.clear();
    }
}
