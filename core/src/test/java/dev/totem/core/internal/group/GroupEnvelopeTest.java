/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.packing.MessageBytes;
import dev.totem.core.internal.packing.OutgoingMessage;
import dev.totem.core.internal.packing.Packer;
import dev.totem.core.internal.packing.Packet;
import dev.totem.core.internal.packing.Unpacker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupEnvelopeTest {

    @Test
    void comesBackWithTheBodyBehindIt() {
        GroupEnvelope envelope =
                new GroupEnvelope(List.of(GroupName.of("locks"), GroupName.of("ä"), GroupName.of("x".repeat(128))));
        byte[] body = {1, 2, 3};
        read(envelope.encode(), body, message -> {
            assertThat(GroupEnvelope.decode(message)).contains(envelope);
            assertThat(message.readRemaining()).containsExactly(body);
        });
    }

    @Test
    void comesBackWhenItIsSpreadOverManyPackets() {
        GroupEnvelope envelope = new GroupEnvelope(IntStream.range(0, GroupEnvelope.GROUPS_MAX)
                .mapToObj(i -> GroupName.of("group " + i))
                .toList());
        byte[] body = new byte[1_000];
        new Random(1).nextBytes(body);
        read(envelope.encode(), body, message -> {
            assertThat(GroupEnvelope.decode(message)).contains(envelope);
            assertThat(message.readRemaining()).containsExactly(body);
        });
    }

    @Test
    void refusesEveryTruncatedEnvelope() {
        byte[] whole = new GroupEnvelope(List.of(GroupName.of("one"), GroupName.of("two"))).encode();
        for (int length = 0; length < whole.length; length++) {
            read(
                    Arrays.copyOf(whole, length),
                    new byte[0],
                    message -> assertThat(GroupEnvelope.decode(message)).isEmpty());
        }
    }

    @Test
    void refusesCountsAndNamesThatCannotBe() {
        refuses(0, 0);
        refuses(0x10, 0x01);
        refuses(0, 1, 0);
        refuses(0, 1, 129);
        refuses(0, 1, 2, 0xc3, 0x28);
    }

    @Test
    void neverThrowsOnRandomBytes() {
        Random random = new Random(5);
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 2) {
                bytes[0] = 0;
                bytes[1] &= 7;
                bytes[2] &= 7;
            }
            read(bytes, new byte[0], message -> {
                Optional<GroupEnvelope> envelope = GroupEnvelope.decode(message);
                assertThat(envelope.map(GroupEnvelope::groups).orElse(List.of()))
                        .hasSizeLessThan(8);
            });
        }
    }

    @Test
    void isNotForMessagesToNobodyOrToTooMany() {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new GroupEnvelope(List.of()));
        List<GroupName> many = IntStream.rangeClosed(0, GroupEnvelope.GROUPS_MAX)
                .mapToObj(i -> GroupName.of("g" + i))
                .toList();
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new GroupEnvelope(many));
    }

    private static void refuses(int... bytes) {
        byte[] encoded = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            encoded[i] = (byte) bytes[i];
        }
        read(
                encoded,
                new byte[0],
                message -> assertThat(GroupEnvelope.decode(message)).isEmpty());
    }

    /** Sends through small packets, as nothing else makes message bytes. */
    private static void read(byte[] envelope, byte[] body, Consumer<MessageBytes> reader) {
        Packer<String> packer = new Packer<>(Packer.PACKET_BYTES_MIN);
        packer.add(new OutgoingMessage<>(Guarantee.AGREED, envelope, body, "test"));
        Unpacker unpacker = new Unpacker(GroupEnvelope.BYTES_MAX + body.length);
        Origin origin = new Origin(NodeId.of(1), 1);
        boolean[] read = {false};
        for (Optional<Packet> packet = packer.next(); packet.isPresent(); packet = packer.next()) {
            unpacker.unpack(origin, packet.get().bytes(), (index, number, bytes) -> {
                reader.accept(bytes);
                read[0] = true;
            });
        }
        assertThat(read[0]).isTrue();
    }

    private static final byte[] BODY = {1, 2};
    private static final MemberId MEMBER = new MemberId(NodeId.of(7), 1L << 40, 3);

    private static GroupEnvelope with(List<MemberId> recipients, Map<String, String> headers) {
        List<GroupName> groups = recipients.isEmpty() ? List.of(GroupName.of("one")) : List.of();
        return new GroupEnvelope(groups, recipients, new TreeMap<>(headers));
    }

    @Test
    void recipientsAndHeadersAreReadAsTheyWereWritten() {
        for (GroupEnvelope envelope : List.of(
                with(List.of(MEMBER), Map.of()),
                with(List.of(), Map.of("trace", "00-ab", "ä", "")),
                with(List.of(MEMBER, new MemberId(NodeId.of(1), -1, 1)), Map.of("x", "y".repeat(4_000))))) {
            byte[] encoded = envelope.encode();
            MessageBytes message = read(encoded, BODY);

            assertThat(GroupEnvelope.decode(message)).contains(envelope);
            assertThat(message.readRemaining()).isEqualTo(BODY);
            assertThat(encoded.length).isLessThanOrEqualTo(GroupEnvelope.BYTES_MAX);
            for (int length = 0; length < encoded.length; length++) {
                assertThat(GroupEnvelope.decode(read(Arrays.copyOf(encoded, length), new byte[0])))
                        .isEmpty();
            }
        }
    }

    /** What a member sends must not stop those who hear it. */
    @Test
    void neverThrowsWhicheverByteIsAnother() {
        for (GroupEnvelope envelope : List.of(
                with(List.of(MEMBER), Map.of("a", "bc")),
                with(List.of(), Map.of("trace", "00-ab", "x", "y".repeat(4_000))))) {
            byte[] encoded = envelope.encode();
            for (int at = 0; at < Math.min(encoded.length, 60); at++) {
                for (int value = 0; value < 256; value++) {
                    byte[] changed = encoded.clone();
                    changed[at] = (byte) value;
                    GroupEnvelope.decode(read(changed, BODY));
                }
            }
        }
    }

    @Test
    void theBytesAreAsThePageSays() {
        GroupEnvelope envelope = new GroupEnvelope(List.of(), List.of(MEMBER), new TreeMap<>(Map.of("a", "bc")));

        assertThat(HexFormat.of().formatHex(envelope.encode()))
                .isEqualTo("fd" + "0000" + "0001" + "00000007" + "0000010000000000" + "00000003" + "01" + "0161"
                        + "00026263");
    }

    @Test
    void twoEncodingsOfOneMessageAreRefused() {
        for (String hex : List.of(
                // nothing beside the groups
                "fd" + "0001" + "0161" + "0000" + "00",
                // groups and members
                "fd" + "0001" + "0161" + "0001" + "00000007" + "0000010000000000" + "00000003" + "00",
                // headers not ascending, and one twice
                "fd" + "0001" + "0161" + "0000" + "02" + "0162" + "0000" + "0161" + "0000",
                "fd" + "0001" + "0161" + "0000" + "02" + "0162" + "0000" + "0162" + "0000",
                // headers and neither groups nor members
                "fd" + "0000" + "0000" + "01" + "0161" + "0000",
                // headers of more bytes than a message may have
                "fd" + "0001" + "0161" + "0000" + "01" + "0161" + "1000" + "62".repeat(0x1000),
                // a header without a name, and a node 0
                "fd" + "0001" + "0161" + "0000" + "01" + "00" + "0000",
                "fd" + "0000" + "0001" + "00000000" + "0000010000000000" + "00000003" + "00")) {
            assertThat(GroupEnvelope.decode(read(HexFormat.of().parseHex(hex), new byte[0])))
                    .as(hex)
                    .isEmpty();
        }
    }

    private static MessageBytes read(byte[] envelope, byte[] body) {
        byte[] whole = Arrays.copyOf(envelope, envelope.length + body.length);
        System.arraycopy(body, 0, whole, envelope.length, body.length);
        ByteBuffer packet = ByteBuffer.allocate(11 + whole.length)
                .put((byte) 0)
                .putLong(0)
                .putShort((short) whole.length)
                .put(whole)
                .flip();
        List<MessageBytes> messages = new ArrayList<>();
        new Unpacker(100_000)
                .unpack(new Origin(NodeId.of(1), 1), packet, (index, number, message) -> messages.add(message));
        return messages.get(0);
    }
}
