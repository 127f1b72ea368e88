/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link DatagramSeal} does. */
abstract class SealContract {

    static final NodeId ONE = NodeId.of(1);
    static final NodeId TWO = NodeId.of(2);
    static final String CLUSTER = "totem";

    private static final int[] SIZES = {0, 1, 15, 16, 17, 100, 1_400, 8_900, 65_000};

    private final Random random = new Random(20261124);

    /** A seal that opens what another one made by this method has sealed. */
    abstract DatagramSeal seal();

    static Stream<IntFunction<ByteBuffer>> buffers() {
        return Stream.of(
                ByteBuffer::allocate,
                ByteBuffer::allocateDirect,
                size -> ByteBuffer.allocate(size + 7).position(7).slice());
    }

    @ParameterizedTest
    @MethodSource("buffers")
    void opensWhatAnotherNodeSealed(IntFunction<ByteBuffer> buffers) {
        SealSession sender = seal().session(ONE, CLUSTER);
        SealSession receiver = hearing(sender);
        for (int size : SIZES) {
            byte[] text = text(size);
            ByteBuffer plaintext = buffers.apply(size + 5).position(3);
            plaintext.put(text).flip().position(3);
            ByteBuffer frame = buffers.apply(size + sender.overheadBytes() + 9).position(4);

            sender.seal(plaintext, frame);
            assertThat(plaintext.hasRemaining()).isFalse();
            assertThat(frame.position()).isEqualTo(4 + size + sender.overheadBytes());
            frame.flip().position(4);
            Opened.Frame opened = frame(receiver.open(frame));

            assertThat(opened.transmitter()).isEqualTo(ONE);
            assertThat(bytes(opened.plaintext())).isEqualTo(text);
            assertThat(opened.plaintext().hasArray()).isTrue();
            assertThat(frame.hasRemaining()).isFalse();
        }
    }

    @Test
    void readsFromReadOnlyBuffers() {
        SealSession session = seal().session(ONE, CLUSTER);
        SealSession receiver = hearing(session);
        ByteBuffer frame = ByteBuffer.allocate(1_000);

        session.seal(ByteBuffer.wrap(new byte[] {1, 2, 3}).asReadOnlyBuffer(), frame);

        Opened opened = receiver.open(frame.flip().asReadOnlyBuffer());
        assertThat(bytes(frame(opened).plaintext())).containsExactly(1, 2, 3);
    }

    @Test
    void givesPlaintextThatOutlivesTheRead() {
        SealSession session = seal().session(ONE, CLUSTER);
        SealSession receiver = hearing(session);
        ByteBuffer read = sealed(session, new byte[] {1, 2, 3});

        ByteBuffer plaintext = frame(receiver.open(read)).plaintext();
        for (int i = 0; i < read.limit(); i++) {
            read.put(i, (byte) 0);
        }

        assertThat(bytes(plaintext)).containsExactly(1, 2, 3);
    }

    @Test
    void opensFramesOfOneReadOneByOne() {
        SealSession one = seal().session(ONE, CLUSTER);
        SealSession two = seal().session(TWO, CLUSTER);
        SealSession receiver = hearing(one);
        introduce(two, receiver);
        ByteBuffer read = ByteBuffer.allocate(5_000).position(11);
        List<byte[]> texts = new ArrayList<>();
        for (int size : new int[] {700, 0, 700, 33}) {
            texts.add(text(size));
            (size == 0 ? one : two).seal(ByteBuffer.wrap(texts.get(texts.size() - 1)), read);
        }
        read.limit(read.position()).position(11);

        List<byte[]> opened = new ArrayList<>();
        while (read.hasRemaining()) {
            opened.add(bytes(frame(receiver.open(read)).plaintext()));
        }

        assertThat(opened).usingRecursiveComparison().isEqualTo(texts);
    }

    @Test
    void goesOnBehindAFrameThatItRefused() {
        SealSession stranger = seal().session(TWO, "other");
        SealSession session = seal().session(ONE, CLUSTER);
        SealSession receiver = hearing(session);
        ByteBuffer read = ByteBuffer.allocate(1_000);
        stranger.seal(ByteBuffer.wrap(text(50)), read);
        int end = read.position();
        session.seal(ByteBuffer.wrap(new byte[] {9}), read);
        read.flip();

        assertThat(receiver.open(read)).isEqualTo(new Opened.Refused(OpenFailure.OTHER_CLUSTER));
        assertThat(read.position()).isEqualTo(end);
        assertThat(bytes(frame(receiver.open(read)).plaintext())).containsExactly(9);
    }

    @Test
    void refusesEveryTruncation() {
        SealSession session = seal().session(ONE, CLUSTER);
        SealSession receiver = hearing(session);
        ByteBuffer whole = sealed(session, text(70));
        for (int length = 0; length < whole.limit(); length++) {
            ByteBuffer cut = whole.duplicate().limit(length);

            assertThat(receiver.open(cut)).as("%s bytes", length).isEqualTo(new Opened.Refused(OpenFailure.MALFORMED));
            assertThat(cut.hasRemaining()).isFalse();
        }
    }

    @Test
    void refusesAnotherSuite() {
        SealSession session = seal().session(ONE, CLUSTER);
        ByteBuffer frame = sealed(session, text(70));
        frame.put(2, (byte) 0xFF);

        assertThat(session.open(frame)).isEqualTo(new Opened.Refused(OpenFailure.OTHER_SUITE));
        assertThat(frame.hasRemaining()).isFalse();
    }

    @Test
    void refusesGarbageAndEndsEveryRead() {
        SealSession session = seal().session(ONE, CLUSTER);
        SealSession receiver = hearing(session);
        byte[] start = sealed(session, text(70)).array();
        for (int round = 0; round < 2_000; round++) {
            byte[] garbage = text(1 + random.nextInt(200));
            // From nothing right to a whole right header with wrong lengths, keys and tags behind it.
            System.arraycopy(start, 0, garbage, 0, Math.min(garbage.length, round % 16));
            ByteBuffer read = ByteBuffer.wrap(garbage);
            for (int opens = 0; read.hasRemaining(); opens++) {
                int before = read.position();
                receiver.open(read);
                assertThat(read.position()).isGreaterThan(before);
                assertThat(opens).isLessThan(garbage.length);
            }
        }
        assertThat(frame(receiver.open(sealed(session, new byte[] {5}))).transmitter())
                .isEqualTo(ONE);
    }

    @Test
    void refusesToSealWhereThereIsNoRoom() {
        SealSession session = seal().session(ONE, CLUSTER);
        ByteBuffer frame = ByteBuffer.allocate(10 + session.overheadBytes() - 1);

        assertThatThrownBy(() -> session.seal(ByteBuffer.wrap(text(10)), frame))
                .isInstanceOf(BufferOverflowException.class);
        assertThat(frame.position()).isZero();
    }

    @Test
    void refusesToSealMoreThanAFrameCanHold() {
        SealSession session = seal().session(ONE, CLUSTER);
        ByteBuffer plaintext = ByteBuffer.allocate(SealHeader.FRAME_BYTES_MAX - session.overheadBytes() + 1);

        assertThatThrownBy(() -> session.seal(plaintext, ByteBuffer.allocate(100_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsTheFramesOfALife() {
        SealSession session = seal().session(ONE, CLUSTER);

        for (int counter = 0; counter < 5; counter++) {
            ByteBuffer frame = sealed(session, text(3));
            assertThat(SealHeader.counterAt(frame, 0)).isEqualTo(counter);
        }
    }

    /** A session of another node to which this one has proven to be live. */
    final SealSession hearing(SealSession sender) {
        SealSession receiver = seal().session(NodeId.of(3), CLUSTER);
        introduce(sender, receiver);
        return receiver;
    }

    /** Lets the sender prove to the receiver that it is live, and the other way round. */
    static void introduce(SealSession sender, SealSession receiver) {
        Opened asked = receiver.open(sealed(sender, new byte[64]));
        Optional<ByteBuffer> reply = reply(asked);
        for (SealSession next = sender; reply.isPresent(); next = next == sender ? receiver : sender) {
            reply = reply(next.open(reply.get()));
        }
        frame(receiver.open(sealed(sender, new byte[1])));
    }

    /** What is to be sent back, if anything is, in a buffer of its own. */
    static Optional<ByteBuffer> reply(Opened opened) {
        return opened instanceof Opened.Proof proof
                ? proof.reply().map(reply -> ByteBuffer.wrap(bytes(reply)))
                : Optional.empty();
    }

    static ByteBuffer sealed(SealSession session, byte[] text) {
        ByteBuffer frame = ByteBuffer.allocate(text.length + session.overheadBytes());
        session.seal(ByteBuffer.wrap(text), frame);
        return frame.flip();
    }

    static Opened.Frame frame(Opened opened) {
        assertThat(opened).isInstanceOf(Opened.Frame.class);
        return (Opened.Frame) opened;
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    final byte[] text(int size) {
        byte[] text = new byte[size];
        random.nextBytes(text);
        return text;
    }
}
