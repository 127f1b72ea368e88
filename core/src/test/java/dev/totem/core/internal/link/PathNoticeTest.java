/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.internal.link.PathNotice.Kind;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PathNoticeTest {

    @ParameterizedTest
    @EnumSource
    void isReadAsItWasWrittenWhateverFollows(Kind kind) {
        PathNotice notice = new PathNotice(kind, -7);
        ByteBuffer padded = ByteBuffer.allocate(100).put(notice.encode()).position(0);

        assertThat(PathNotice.read(notice.encode())).contains(notice);
        assertThat(PathNotice.read(padded)).contains(notice);
    }

    @Test
    void hasTheBytesOfTheDocument() {
        byte[] bytes =
                new PathNotice(Kind.CONFIRMED, 0x0102030405060708L).encode().array();

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("a7010102030405060708");
    }

    @Test
    void whatIsOfAnotherKindIsNone() {
        assertThat(PathNotice.read(hex(""))).isEmpty();
        assertThat(PathNotice.read(hex("a7"))).isEmpty();
        assertThat(PathNotice.read(hex("a70101020304050607"))).isEmpty();
        assertThat(PathNotice.read(hex("a7020102030405060708"))).isEmpty();
        assertThat(PathNotice.read(hex("a7ff0102030405060708"))).isEmpty();
        assertThat(PathNotice.read(hex("040a000001153d000000"))).isEmpty();
        assertThat(PathNotice.read(hex("b7010102030405060708"))).isEmpty();
    }

    private static ByteBuffer hex(String bytes) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(bytes));
    }
}
