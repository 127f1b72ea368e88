/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.packing.MessageBytes;
import dev.totem.core.internal.packing.OutgoingMessage;
import dev.totem.core.internal.packing.Packer;
import dev.totem.core.internal.packing.Packet;
import dev.totem.core.internal.packing.Unpacker;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnvelopeCacheTest {

    private static final byte[] BODY = {1, 2, 3};

    private final EnvelopeCache cache = new EnvelopeCache();

    @Test
    void encodesWhateverItRemembersAsIfItDidNot() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            List<GroupName> groups = groups(random);
            assertThat(cache.encode(groups)).isEqualTo(new GroupEnvelope(groups).encode());
        }
    }

    @Test
    void decodesWhateverItRemembersAsIfItDidNot() {
        Random random = new Random(2);
        for (int i = 0; i < 1_000; i++) {
            List<GroupName> groups = groups(random);
            decode(new GroupEnvelope(groups).encode(), message -> {
                assertThat(cache.decode(message)).contains(new GroupEnvelope(groups));
                assertThat(message.readRemaining()).isEqualTo(BODY);
            });
        }
    }

    @Test
    void yieldsTheSameListForTheSameGroups() {
        byte[] encoded = new GroupEnvelope(List.of(GroupName.of("one"), GroupName.of("two"))).encode();
        decode(encoded, first -> {
            List<GroupName> groups = cache.decode(first).orElseThrow().groups();
            decode(
                    encoded,
                    second -> assertThat(cache.decode(second).orElseThrow().groups())
                            .isSameAs(groups));
        });
    }

    @Test
    void takesNoEnvelopeForOneThatBeginsLikeIt() {
        decode(cache.encode(List.of(GroupName.of("a"))), message -> cache.decode(message));
        List<GroupName> longer = List.of(GroupName.of("a"), GroupName.of("b"));
        decode(
                new GroupEnvelope(longer).encode(),
                message -> assertThat(cache.decode(message)).contains(new GroupEnvelope(longer)));
        List<GroupName> other = List.of(GroupName.of("ab"));
        decode(
                new GroupEnvelope(other).encode(),
                message -> assertThat(cache.decode(message)).contains(new GroupEnvelope(other)));
    }

    @Test
    void refusesWhatIsNone() {
        decode(new byte[] {0, 0}, message -> assertThat(cache.decode(message)).isEmpty());
    }

    /** Of few names, so that lists come again, and sometimes more than are remembered. */
    private static List<GroupName> groups(Random random) {
        int count = random.nextInt(10) == 0 ? 40 : 1 + random.nextInt(3);
        return IntStream.range(0, count)
                .mapToObj(i -> GroupName.of("group " + random.nextInt(4)))
                .toList();
    }

    /** In one packet, or in several if it is long. */
    private static void decode(byte[] envelope, Consumer<MessageBytes> reader) {
        Packer<String> packer = new Packer<>(128);
        packer.add(new OutgoingMessage<>(Guarantee.AGREED, envelope, BODY, "test"));
        Unpacker unpacker = new Unpacker(10_000);
        for (Optional<Packet> packet = packer.next(); packet.isPresent(); packet = packer.next()) {
            unpacker.unpack(
                    new Origin(NodeId.of(1), 1), packet.get().bytes(), (index, number, bytes) -> reader.accept(bytes));
        }
    }
}
