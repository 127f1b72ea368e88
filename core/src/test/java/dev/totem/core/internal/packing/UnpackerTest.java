/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.Guarantee;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.internal.packing.PackingPairs.Received;
import dev.totem.core.internal.packing.PackingPairs.Receiver;
import dev.totem.core.internal.packing.PackingPairs.Sender;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackerTest {

    private static final int PACKET = 200;
    private static final int LIMIT = 10_000;

    private final Random random = new Random(11);
    private final Sender sender = new Sender(1, 1, PACKET);
    private final Receiver receiver = new Receiver(LIMIT);

    @Test
    void yieldsThePlaceOfEachMessageInItsPacket() {
        sender.add(PackingPairs.message(random, 220));
        sender.add(PackingPairs.message(random, 3));
        sender.add(PackingPairs.message(random, 3));
        receiver.takeAll(sender.origin, sender.drain());
        assertThat(receiver.received).extracting(Received::index).containsExactly(0, 1, 2);
        assertThat(receiver.received).extracting(Received::number).containsExactly(1L, 2L, 3L);
    }

    @Test
    void yieldsTheSamePlaceToAReceiverThatMissedTheFirstPiece() {
        sender.add(PackingPairs.message(random, 220));
        sender.add(PackingPairs.message(random, 3));
        receiver.take(sender.origin, sender.drain().get(1));
        assertThat(receiver.received).extracting(Received::index).containsExactly(1);
    }

    @Test
    void leavesThePacketAsItWas() {
        sender.add(new byte[20]);
        Packet packet = sender.packer.next().orElseThrow();
        int remaining = packet.bytes().remaining();
        receiver.take(sender.origin, packet);
        assertThat(packet.bytes().remaining()).isEqualTo(remaining);
    }

    @Test
    void readsAPacketThatLiesInsideALargerFrame() {
        byte[] message = PackingPairs.message(random, 20);
        sender.add(message);
        ByteBuffer packet = sender.packer.next().orElseThrow().bytes();
        ByteBuffer frame = ByteBuffer.allocate(100).position(33);
        frame.put(packet.duplicate()).flip().position(33);
        receiver.take(sender.origin, new Packet(Guarantee.AGREED, frame));
        assertThat(receiver.messages()).containsExactly(message);
    }

    @Test
    @Tag("P55")
    void refusesEveryTruncatedPacketOrYieldsNothingWrong() {
        byte[] message = PackingPairs.message(random, 50);
        sender.add(message);
        byte[] packet = bytes(sender.packer.next().orElseThrow());
        for (int length = 0; length < packet.length; length++) {
            assertThat(take(Arrays.copyOf(packet, length)))
                    .as("length %d", length)
                    .isFalse();
        }
        assertThat(receiver.received).isEmpty();
    }

    @Test
    void refusesUnknownFlags() {
        sender.add(new byte[20]);
        byte[] packet = bytes(sender.packer.next().orElseThrow());
        for (int bit = 4; bit < 8; bit++) {
            byte[] other = packet.clone();
            other[0] |= (byte) (1 << bit);
            assertThat(take(other)).isFalse();
        }
    }

    @Test
    void refusesEmptyPiecesOfUnfinishedMessages() {
        byte[] continued = {PacketFormat.LAST_IS_CONTINUED, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0};
        assertThat(take(continued)).isFalse();
        byte[] continuing = {PacketFormat.FIRST_CONTINUES, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0};
        assertThat(take(continuing)).isFalse();
    }

    @Test
    void refusesThreeBytesOfPaddingAndPaddingWithoutPieces() {
        byte[] three = {3 << PacketFormat.PADDING_SHIFT, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 9, 0, 0, 0};
        assertThat(take(three)).isFalse();
        byte[] none = {2 << PacketFormat.PADDING_SHIFT, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0};
        assertThat(take(none)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Tag("P55")
    void neverThrowsOnRandomBytes(long seed) {
        Random bytes = new Random(seed);
        for (int round = 0; round < 50_000; round++) {
            byte[] packet = new byte[bytes.nextInt(64)];
            bytes.nextBytes(packet);
            if (packet.length > 0 && bytes.nextBoolean()) {
                packet[0] &= PacketFormat.FLAGS_MASK;
            }
            take(packet);
        }
        assertThat(receiver.received).allMatch(message -> message.bytes().length <= LIMIT);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Tag("P55")
    void neverThrowsOnAlteredPacketsAndRecoversAtTheNextWholeMessage(long seed) {
        Random changes = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            sender.add(PackingPairs.message(changes, changes.nextInt(600)));
        }
        for (Packet packet : sender.drain()) {
            byte[] altered = bytes(packet);
            altered[changes.nextInt(altered.length)] ^= (byte) (1 << changes.nextInt(8));
            take(altered);
        }
        receiver.received.clear();
        byte[] whole = PackingPairs.message(changes, 900);
        sender.add(whole);
        receiver.takeAll(sender.origin, sender.drain());
        assertThat(receiver.messages()).containsExactly(whole);
    }

    @Test
    void keepsNoMoreThanTheLimitHoweverLongAMessageGoesOn() {
        long number = 5;
        int sent = 0;
        for (int i = 0; i < 1_000; i++) {
            ByteBuffer packet = ByteBuffer.allocate(PACKET);
            int flags = PacketFormat.LAST_IS_CONTINUED | (i == 0 ? 0 : PacketFormat.FIRST_CONTINUES);
            packet.put((byte) flags).putLong(number);
            if (i > 0) {
                packet.putInt(sent);
            }
            int length = packet.remaining() - PacketFormat.LENGTH_BYTES;
            packet.putShort((short) length);
            sent += length;
            assertThat(receiver.take(sender.origin, new Packet(Guarantee.AGREED, packet.clear())))
                    .isTrue();
        }
        assertThat(receiver.unpacker.leftOut()).isEqualTo(1);
        assertThat(receiver.unpacker.unfinishedCount()).isZero();
        assertThat(receiver.received).isEqualTo(List.of());
    }

    @Test
    void deliversWhatOthersMaySendThoughThisNodeWouldNot() {
        Unpacker unpacker = new Unpacker(LIMIT, 1_000, 5_000);
        byte[] large = PackingPairs.message(random, 5_000);
        sender.add(large);
        List<byte[]> messages = new ArrayList<>();

        sender.drain()
                .forEach(packet -> unpacker.unpack(
                        sender.origin, packet.bytes(), (index, number, bytes) -> messages.add(bytes.readRemaining())));

        assertThat(messages).containsExactly(large);
    }

    @Test
    void stopsWhenWhatOthersDeliverHasNoRoomHere() {
        Unpacker unpacker = new Unpacker(LIMIT, 1_000, 5_000);
        Sender second = new Sender(2, 1, PACKET);
        sender.add(PackingPairs.message(random, 3_000));
        second.add(PackingPairs.message(random, 3_000));
        List<Packet> packets = sender.drain();
        packets.subList(0, packets.size() - 1)
                .forEach(packet -> unpacker.unpack(sender.origin, packet.bytes(), (index, number, bytes) -> {}));

        assertThatThrownBy(() -> second.drain()
                        .forEach(
                                packet -> unpacker.unpack(second.origin, packet.bytes(), (index, number, bytes) -> {})))
                .isInstanceOf(ProtocolFailureException.class)
                .hasMessageContaining("node 2")
                .hasMessageContaining("raise max-message-size and memory here");
    }

    private boolean take(byte[] packet) {
        return receiver.take(sender.origin, new Packet(Guarantee.AGREED, ByteBuffer.wrap(packet)));
    }

    private static byte[] bytes(Packet packet) {
        byte[] copy = new byte[packet.bytes().remaining()];
        packet.bytes().duplicate().get(copy);
        return copy;
    }
}
