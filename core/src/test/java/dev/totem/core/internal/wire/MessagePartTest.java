/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Origin;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages longer than a frame, cut and put together again. */
class MessagePartTest {

    private static final Origin SENDER = new Origin(NodeId.of(3), 0x0102030405060708L);
    private static final int FRAME_BYTES = 100;

    private final PartAssembly assembly = new PartAssembly();

    private static ByteBuffer message(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return ByteBuffer.wrap(content);
    }

    private static MessagePart sent(MessagePart part) throws MalformedMessageException {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
        part.encode(frame);
        assertThat(MessagePart.isPart(frame.flip())).isTrue();
        return MessagePart.decode(frame);
    }

    private Optional<ByteBuffer> add(List<MessagePart> parts) throws MalformedMessageException {
        Optional<ByteBuffer> whole = Optional.empty();
        for (MessagePart part : parts) {
            assertThat(whole).isEmpty();
            whole = assembly.add(sent(part));
        }
        return whole;
    }

    @Test
    void partsInAnyOrderMakeTheMessage() throws MalformedMessageException {
        for (int bytes = FRAME_BYTES + 1; bytes < 3_000; bytes += 77) {
            List<MessagePart> parts = new ArrayList<>(MessagePart.cut(SENDER, bytes, message(bytes), FRAME_BYTES));
            Collections.shuffle(parts, new Random(bytes));

            assertThat(add(parts)).contains(message(bytes));
        }
    }

    @Test
    void theBytesOfAPartAreAsDocumented() {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
        new MessagePart(SENDER, 5, 1, 2, ByteBuffer.wrap(new byte[] {0x61, 0x62})).encode(frame);

        byte[] written = new byte[frame.position()];
        frame.get(0, written);
        assertThat(HexFormat.of().formatHex(written))
                .isEqualTo("0901" + "00000003" + "0102030405060708" + "0000000000000005" + "01" + "02" + "6162");
    }

    @Test
    void aPartFillsItsFrame() {
        List<MessagePart> parts = MessagePart.cut(SENDER, 0, message(1_000), FRAME_BYTES);

        assertThat(parts.get(0).bytes().remaining() + MessagePart.HEADER_BYTES).isEqualTo(FRAME_BYTES);
        assertThat(parts).hasSize(1_000 / (FRAME_BYTES - MessagePart.HEADER_BYTES) + 1);
    }

    @Test
    void copiesOfPartsDoNotMakeTheMessageTwice() throws MalformedMessageException {
        List<MessagePart> parts = MessagePart.cut(SENDER, 0, message(200), FRAME_BYTES);

        assertThat(assembly.add(parts.get(0))).isEmpty();
        assertThat(assembly.add(parts.get(0))).isEmpty();
        assertThat(assembly.add(parts.get(1))).isEmpty();
        assertThat(assembly.add(parts.get(2))).contains(message(200));
        for (MessagePart part : parts) {
            assertThat(assembly.add(part)).isEmpty();
        }
    }

    @Test
    void theThirdMessageOfASenderTakesThePlaceOfTheFirst() throws MalformedMessageException {
        List<MessagePart> first = MessagePart.cut(SENDER, 1, message(200), FRAME_BYTES);
        List<MessagePart> second = MessagePart.cut(SENDER, 2, message(150), FRAME_BYTES);
        List<MessagePart> third = MessagePart.cut(SENDER, 3, message(140), FRAME_BYTES);

        assembly.add(first.get(0));
        assembly.add(second.get(0));
        assembly.add(third.get(0));

        assertThat(assembly.add(second.get(1))).contains(message(150));
        assertThat(assembly.add(third.get(1))).contains(message(140));
        assertThat(assembly.size()).isEqualTo(1);
    }

    /** One such part, and the joins of a large ring would never be whole again. */
    @Test
    void aPartWithTheHighestNumberKeepsNoLaterMessageOut() throws MalformedMessageException {
        MessagePart.cut(SENDER, Long.MAX_VALUE, message(200), FRAME_BYTES).forEach(this::add);

        List<MessagePart> next = MessagePart.cut(SENDER, 2, message(150), FRAME_BYTES);
        assembly.add(next.get(0));

        assertThat(assembly.add(next.get(1))).contains(message(150));
    }

    private void add(MessagePart part) {
        try {
            assembly.add(part);
        } catch (MalformedMessageException malformed) {
            throw new AssertionError(malformed);
        }
    }

    @Test
    void sendersDoNotDisturbEachOther() throws MalformedMessageException {
        Origin otherLife = new Origin(SENDER.node(), 9);
        List<MessagePart> one = MessagePart.cut(SENDER, 0, message(150), FRAME_BYTES);
        List<MessagePart> other = MessagePart.cut(otherLife, 0, message(140), FRAME_BYTES);

        assembly.add(one.get(0));
        assembly.add(other.get(0));

        assertThat(assembly.add(one.get(1))).contains(message(150));
        assertThat(assembly.add(other.get(1))).contains(message(140));
    }

    @Test
    void keepsNoMoreMessagesThanARingHasMembers() throws MalformedMessageException {
        for (int node = 1; node <= CommitToken.MEMBERS_MAX + 10; node++) {
            assembly.add(MessagePart.cut(new Origin(NodeId.of(node), 1), 0, message(200), FRAME_BYTES)
                    .get(0));
        }

        assertThat(assembly.size()).isEqualTo(CommitToken.MEMBERS_MAX);
    }

    @Test
    void refusesPartsThatContradictEachOther() throws MalformedMessageException {
        assembly.add(new MessagePart(SENDER, 0, 0, 3, message(10)));

        assertMalformed(new MessagePart(SENDER, 0, 1, 2, message(10)));
    }

    @Test
    void refusesMoreBytesThanAnyMessageHas() throws MalformedMessageException {
        assembly.add(new MessagePart(SENDER, 0, 0, 3, message(40_000)));

        assertMalformed(new MessagePart(SENDER, 0, 1, 3, message(40_000)));
    }

    private void assertMalformed(MessagePart part) {
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> assembly.add(part));
    }

    @Test
    void refusesHeadersThatMeanNothing() {
        assertRefused("0901" + "00000003" + "0102030405060708" + "0000000000000005" + "00" + "01" + "61");
        assertRefused("0901" + "00000003" + "0102030405060708" + "0000000000000005" + "02" + "02" + "61");
        assertRefused("0901" + "00000003" + "0102030405060708" + "8000000000000005" + "00" + "02" + "61");
        assertRefused("0901" + "00000003" + "0102030405060708" + "0000000000000005" + "00" + "02");
        assertRefused("0902" + "00000003" + "0102030405060708" + "0000000000000005" + "00" + "02" + "61");
        assertRefused("0901" + "00000000" + "0102030405060708" + "0000000000000005" + "00" + "02" + "61");
        assertRefused("0801" + "00000003" + "0102030405060708" + "0000000000000005" + "00" + "02" + "61");
        assertRefused("0901");
    }

    private static void assertRefused(String hex) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(
                        () -> MessagePart.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex))));
    }

    @Test
    void aPartIsNoMessage() {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
        new MessagePart(SENDER, 0, 0, 2, message(20)).encode(frame);

        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> new MessageCodec().decode(frame.flip()));
    }

    @Test
    void refusesToCutIntoMorePartsThanCanBeNumbered() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessagePart.cut(SENDER, 0, message(300), MessagePart.HEADER_BYTES + 1));
    }
}
