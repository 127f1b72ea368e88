/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameTest {

    private static final ByteBufAllocator HEAP = new UnpooledByteBufAllocator(false, true);

    private static ByteBuf body(Frame frame) {
        ByteBuf bytes = FrameWriter.write(frame, HEAP);
        assertThat(bytes.readInt()).isEqualTo(bytes.readableBytes());
        return bytes;
    }

    @Test
    void everyFrameIsReadAsItWasWritten() {
        LongStream.range(0, 200).forEach(seed -> new RandomFrames(seed).all().forEach(FrameTest::comesBack));
    }

    private static void comesBack(Frame frame) {
        try {
            Frame read = FrameReader.read(body(frame));
            if (frame instanceof Frame.Hello hello) {
                assertThat(read).isInstanceOfSatisfying(Frame.Hello.class, other -> {
                    assertThat(other.token()).isEqualTo(hello.token());
                    assertThat(other.session()).isEqualTo(hello.session());
                    assertThat(other.name()).isEqualTo(hello.name());
                });
            } else {
                assertThat(read).isEqualTo(frame);
            }
        } catch (MalformedFrameException malformed) {
            throw new AssertionError(frame.toString(), malformed);
        }
    }

    static List<TotemException> errors() {
        return RandomFrames.errors();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void anErrorKeepsItsClassItsTextAndWhetherARetryHelps(TotemException error) throws MalformedFrameException {
        for (Frame frame :
                List.of(new Frame.Failed(1, error), new Frame.Broken(2, error), new Frame.Ended(Optional.of(error)))) {
            Frame read = FrameReader.read(body(frame));
            TotemException again = read instanceof Frame.Failed failed
                    ? failed.reason()
                    : read instanceof Frame.Broken broken
                            ? broken.reason()
                            : ((Frame.Ended) read).reason().orElseThrow();
            assertThat(again).hasSameClassAs(error).hasMessage(error.getMessage());
            assertThat(again.retryCanHelp()).isEqualTo(error.retryCanHelp());
            assertThat(again)
                    .usingRecursiveComparison()
                    .ignoringFields("stackTrace", "suppressedExceptions")
                    .isEqualTo(error);
            if (error instanceof SendFailedException failed) {
                assertThat(again).isInstanceOfSatisfying(SendFailedException.class, other -> {
                    assertThat(other.fate()).isEqualTo(failed.fate());
                    assertThat(other.configuration()).isEqualTo(failed.configuration());
                });
            }
        }
    }

    @Test
    void aMessageToMembersAndToGroupsIsRefused() {
        ByteBuf bytes = Unpooled.buffer()
                .writeByte(FrameType.SEND)
                .writeInt(1)
                .writeInt(1)
                .writeByte(1)
                .writeByte(0);
        bytes.writeInt(1).writeShort(1).writeByte('g');
        bytes.writeInt(1).writeInt(7).writeLong(7).writeInt(7);
        bytes.writeInt(0).writeInt(0);
        assertThatThrownBy(() -> FrameReader.read(bytes))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("to members or to groups");
    }

    @Test
    void aReasonThatANewerExecutiveHasAndThisClientDoesNotKnowIsLeftOut() throws MalformedFrameException {
        ByteBuf bytes =
                Unpooled.buffer().writeByte(FrameType.HEALTH).writeInt(7).writeInt(2);
        for (String text : List.of("MOON_IS_FULL", "it is", "NO_RING", "since 1 s")) {
            bytes.writeShort(text.length()).writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(FrameReader.read(bytes))
                .isEqualTo(new Frame.Health(
                        7, new NodeHealth(List.of(new NodeHealth.Reason(NodeHealth.Code.NO_RING, "since 1 s")))));
    }

    @Test
    void whatAMessageNamesIsCounted() {
        MemberId member = new MemberId(NodeId.of(1), 2, 3);

        assertThat(new Frame.Send(1, 1, Message.to("g", "h").payload(new byte[10])).cost())
                .isEqualTo(64 + 2 * 64 + 10);
        assertThat(new Frame.Send(1, 1, Message.to(member).header("n\u00e4me", "value")).cost())
                .isEqualTo(64 + 64 + 64 + 10);
    }

    @Test
    void whatIsCutOffIsRefused() {
        new RandomFrames(1).all().forEach(frame -> {
            byte[] whole = ByteBufUtil.getBytes(body(frame));
            for (int length = 0; length < whole.length; length++) {
                ByteBuf cut = Unpooled.wrappedBuffer(whole, 0, length);
                assertThatThrownBy(() -> FrameReader.read(cut))
                        .as("%s cut to %d", frame, cut.capacity())
                        .isInstanceOf(MalformedFrameException.class);
            }
        });
    }

    @Test
    void whatIsTooLongIsRefused() {
        new RandomFrames(2).all().forEach(frame -> {
            ByteBuf longer = body(frame).writeByte(0);
            assertThatThrownBy(() -> FrameReader.read(longer)).isInstanceOf(MalformedFrameException.class);
        });
    }

    @Test
    void anyBytesAreAFrameOrRefused() {
        Random random = new Random(3);
        List<byte[]> frames = new RandomFrames(4)
                .all()
                .map(frame -> ByteBufUtil.getBytes(body(frame)))
                .toList();
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = frames.get(random.nextInt(frames.size())).clone();
            for (int changes = 0; changes < 3; changes++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                FrameReader.read(Unpooled.wrappedBuffer(bytes));
            } catch (MalformedFrameException refused) {
                assertThat(refused).hasMessageContaining("type");
            }
        }
    }

    @Test
    void aListThatCannotBeThereTakesNoMemory() {
        ByteBuf bytes = Unpooled.buffer()
                .writeByte(FrameType.GROUPS)
                .writeInt(1)
                .writeInt(1)
                .writeByte(0)
                .writeInt(Integer.MAX_VALUE);
        assertThatThrownBy(() -> FrameReader.read(bytes))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("cut off");
    }

    @Test
    void anotherProtocolAndAnotherVersionAreNamed() {
        ByteBuf other = Unpooled.buffer()
                .writeByte(FrameType.HELLO)
                .writeInt(0x47455420)
                .writeZero(40);
        assertThatThrownBy(() -> FrameReader.read(other)).hasMessageContaining("not the protocol");
        ByteBuf later = Unpooled.buffer()
                .writeByte(FrameType.HELLO)
                .writeInt(FrameType.MAGIC)
                .writeByte(9)
                .writeZero(40);
        assertThatThrownBy(() -> FrameReader.read(later)).hasMessageContaining("version 9");
    }
}
