/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.ConfigurationException;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.packing.MessageBytes;
import dev.totem.core.internal.packing.OutgoingMessage;
import dev.totem.core.internal.packing.Packer;
import dev.totem.core.internal.packing.Packet;
import dev.totem.core.internal.packing.Unpacker;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> new GroupEnvelope(List.of()));
        List<GroupName> many = IntStream.rangeClosed(0, GroupEnvelope.GROUPS_MAX)
                .mapToObj(i -> GroupName.of("g" + i))
                .toList();
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> new GroupEnvelope(many));
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
}
