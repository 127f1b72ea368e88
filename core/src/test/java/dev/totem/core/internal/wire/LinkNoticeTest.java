/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Origin;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class LinkNoticeTest {

    private static final Origin SENDER = new Origin(NodeId.of(3), 0x0102030405060708L);
    private static final String BYTES = "0a01" + "00000003" + "0102030405060708" + "cafe";

    @Test
    void hasTheBytesOfTheFormat() {
        ByteBuffer target = ByteBuffer.allocate(LinkNotice.HEADER_BYTES + 2);
        new LinkNotice(SENDER, ByteBuffer.wrap(new byte[] {(byte) 0xca, (byte) 0xfe})).encode(target);

        assertThat(HexFormat.of().formatHex(target.array())).isEqualTo(BYTES);
        assertThat(LinkNotice.isNotice(target.flip())).isTrue();
    }

    @Test
    void isReadAsItWasWritten() throws MalformedMessageException {
        LinkNotice read = LinkNotice.decode(ByteBuffer.wrap(HexFormat.of().parseHex(BYTES)));

        assertThat(read.origin()).isEqualTo(SENDER);
        assertThat(read.content()).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0xca, (byte) 0xfe}));
    }

    @Test
    void refusesWhatIsCutOrOfAnotherVersionOrNode() {
        byte[] whole = HexFormat.of().parseHex(BYTES);
        for (int length = 0; length < LinkNotice.HEADER_BYTES; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            refused(cut);
        }
        byte[] version = whole.clone();
        version[1] = 9;
        refused(version);
        byte[] nobody = whole.clone();
        nobody[5] = 0;
        refused(nobody);
    }

    private static void refused(byte[] bytes) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> LinkNotice.decode(ByteBuffer.wrap(bytes)));
    }
}
