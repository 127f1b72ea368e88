/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.internal.packing.PackingPairs.Receiver;
import dev.totem.core.internal.packing.PackingPairs.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packer and the unpacker against each other: {@code PROTOCOL.md} 6. */
class PackingTest {

    private static final int PACKET = 200;
    private static final int FULL_FIRST_PIECE = PACKET - PacketFormat.HEADER_BYTES - PacketFormat.LENGTH_BYTES;
    private static final int FULL_LATER_PIECE = PACKET - PacketFormat.HEADER_BYTES_MAX - PacketFormat.LENGTH_BYTES;
    private static final int MESSAGE_MAX = 1 << 20;

    private final Random random = new Random(42);
    private final Sender sender = new Sender(1, 10, PACKET);
    private final Receiver receiver = new Receiver(MESSAGE_MAX);

    @Test
    @Tag("P34")
    void aMessageOfEverySizeAroundAMultipleOfAPieceSurvivesBesideItsNeighbours() {
        for (int pieces = 0; pieces <= 4; pieces++) {
            for (int delta = -4; delta <= 4; delta++) {
                int size = (pieces == 0 ? 0 : FULL_FIRST_PIECE + (pieces - 1) * FULL_LATER_PIECE) + delta;
                if (size < 0) {
                    continue;
                }
                survives(List.of(1, size, 0, size, 3));
            }
        }
    }

    @Test
    @Tag("P51")
    @Tag("P53")
    void everyRemainderAtTheEndOfAPacketSurvives() {
        for (int size = 0; size <= PACKET + 2; size++) {
            survives(List.of(size, 300, 0, 0, size, 1));
        }
    }

    @Test
    @Tag("P51")
    @Tag("P54")
    void aLargestMessageFollowedByAnotherLargeOneSurvives() {
        survives(List.of(MESSAGE_MAX, 300_000, MESSAGE_MAX, MESSAGE_MAX - 1, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Tag("P52")
    void anyConcatenationSurvives(long seed) {
        Random sizes = new Random(seed);
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            list.add(
                    switch (sizes.nextInt(4)) {
                        case 0 -> 0;
                        case 1 -> sizes.nextInt(20);
                        case 2 -> sizes.nextInt(2 * PACKET);
                        default -> sizes.nextInt(20 * PACKET);
                    });
        }
        survives(list);
    }

    @Test
    void guaranteesAreKeptApartAndInOrder() {
        List<byte[]> sent = new ArrayList<>();
        Random choice = new Random(7);
        List<Guarantee> guarantees = List.of(Guarantee.values());
        for (int i = 0; i < 500; i++) {
            byte[] message = PackingPairs.message(random, choice.nextInt(400));
            sent.add(message);
            sender.add(guarantees.get(choice.nextInt(3)), message);
        }
        receiver.takeAll(sender.origin, sender.drain());
        assertThat(receiver.messages()).containsExactlyElementsOf(sent);
    }

    @Test
    @Tag("P50")
    void aNewcomerInTheMiddleOfAMessageMissesThatMessageOnly() {
        byte[] large = PackingPairs.message(random, 5 * PACKET);
        byte[] small = PackingPairs.message(random, 5);
        byte[] next = PackingPairs.message(random, 3 * PACKET);
        sender.add(large);
        sender.add(small);
        sender.add(next);
        List<Packet> packets = sender.drain();

        receiver.takeAll(sender.origin, packets.subList(2, packets.size()));

        assertThat(receiver.messages()).containsExactly(small, next);
    }

    @Test
    void aLostPacketCostsOnlyTheMessagesThatHadAPieceInIt() {
        for (int lost = 0; lost < 40; lost++) {
            Sender from = new Sender(1, 10, PACKET);
            Receiver to = new Receiver(MESSAGE_MAX);
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                byte[] message = PackingPairs.message(random, (i * 37) % 450);
                sent.add(message);
                from.add(message);
            }
            List<Packet> packets = from.drain();
            Receiver all = new Receiver(MESSAGE_MAX);
            all.takeAll(from.origin, packets);
            int before = all.received.size();
            assertThat(before).isEqualTo(60);

            packets.remove(lost);
            to.takeAll(from.origin, packets);

            assertThat(to.received.size()).isBetween(40, 59);
            assertThat(to.received)
                    .allSatisfy(got -> assertThat(got.bytes()).isEqualTo(sent.get((int) got.number() - 1)));
        }
    }

    @Test
    @Tag("P50")
    void twoSendersInterleavedDoNotMix() {
        Sender other = new Sender(2, 10, PACKET);
        List<byte[]> sent = new ArrayList<>();
        List<byte[]> sentByOther = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sent.add(PackingPairs.message(random, (i * 91) % 1_500));
            sentByOther.add(PackingPairs.message(random, (i * 57) % 1_500));
            sender.add(sent.get(i));
            other.add(sentByOther.get(i));
        }
        List<Packet> mine = sender.drain();
        List<Packet> others = other.drain();
        for (int i = 0; i < Math.max(mine.size(), others.size()); i++) {
            receiver.takeAll(sender.origin, mine.subList(Math.min(i, mine.size()), Math.min(i + 1, mine.size())));
            receiver.takeAll(other.origin, others.subList(Math.min(i, others.size()), Math.min(i + 1, others.size())));
        }
        assertThat(receiver.messagesOf(sender.origin)).containsExactlyElementsOf(sent);
        assertThat(receiver.messagesOf(other.origin)).containsExactlyElementsOf(sentByOther);
    }

    @Test
    @Tag("P57")
    void aSenderThatCrashedAndReturnedStartsAnew() {
        sender.add(PackingPairs.message(random, 5 * PACKET));
        receiver.takeAll(sender.origin, sender.drain().subList(0, 3));
        Sender reborn = new Sender(1, 11, PACKET);
        byte[] message = PackingPairs.message(random, 5 * PACKET);
        reborn.add(message);

        receiver.takeAll(reborn.origin, reborn.drain());

        assertThat(receiver.messages()).containsExactly(message);
    }

    @Test
    @Tag("P56")
    void aThousandNewcomersThatLeaveAnUnfinishedMessageLeaveNothingBehind() {
        for (int i = 1; i <= 1_000; i++) {
            Sender newcomer = new Sender(i, i, PACKET);
            newcomer.add(PackingPairs.message(random, 3 * PACKET));
            receiver.take(newcomer.origin, newcomer.packer.next().orElseThrow());
            receiver.unpacker.dropUnfinished();
        }
        assertThat(receiver.unpacker.unfinishedCount()).isZero();
    }

    @Test
    @Tag("P36")
    void aPartlySentMessageIsSentWholeInTheNextConfiguration() {
        byte[] large = PackingPairs.message(random, 5 * PACKET);
        byte[] after = PackingPairs.message(random, 10);
        OutgoingMessage<String> message = sender.add(large);
        sender.add(after);
        receiver.take(sender.origin, sender.packer.next().orElseThrow());
        receiver.take(sender.origin, sender.packer.next().orElseThrow());
        int backlogBefore = sender.packer.backlog();

        sender.packer.configurationInstalled();
        receiver.unpacker.dropUnfinished();

        assertThat(message.isStarted()).isFalse();
        assertThat(sender.packer.backlog()).isGreaterThan(backlogBefore);
        receiver.takeAll(sender.origin, sender.drain());
        assertThat(receiver.messages()).containsExactly(large, after);
        assertThat(receiver.received.get(0).number()).isEqualTo(2);
        assertThat(sender.packer.delivered(1)).isEmpty();
        assertThat(sender.packer.delivered(2)).contains(message);
    }

    @Test
    @Tag("P36")
    void aReceiverThatKeptTheOldBeginningDoesNotGlueItToTheMessageSentAgain() {
        byte[] large = PackingPairs.message(random, 5 * PACKET);
        sender.add(large);
        receiver.take(sender.origin, sender.packer.next().orElseThrow());
        sender.packer.configurationInstalled();
        List<Packet> again = sender.drain();

        receiver.takeAll(sender.origin, again.subList(1, again.size()));

        assertThat(receiver.messages()).isEmpty();
        assertThat(receiver.unpacker.unfinishedCount()).isZero();
    }

    @Test
    void aMessageAboveTheLimitIsLeftOutAndTheNextOnesAreNot() {
        Receiver small = new Receiver(1_000);
        byte[] fits = PackingPairs.message(random, 1_000);
        byte[] after = PackingPairs.message(random, 4);
        sender.add(PackingPairs.message(random, 1_001));
        sender.add(fits);
        sender.add(PackingPairs.message(random, 5_000));
        sender.add(after);

        small.takeAll(sender.origin, sender.drain());

        assertThat(small.messages()).containsExactly(fits, after);
        assertThat(small.unpacker.unfinishedCount()).isZero();
    }

    private static void survives(List<Integer> sizes) {
        Random bytes = new Random(sizes.hashCode());
        Sender from = new Sender(1, 1, PACKET);
        Receiver to = new Receiver(MESSAGE_MAX);
        List<byte[]> sent = new ArrayList<>();
        for (int size : sizes) {
            byte[] message = PackingPairs.message(bytes, size);
            sent.add(message);
            from.add(message);
        }
        List<Packet> packets = from.drain();
        to.takeAll(from.origin, packets);

        assertThat(to.messages()).as("sizes %s", sizes).containsExactlyElementsOf(sent);
        assertThat(packets.subList(0, packets.size() - 1))
                .as("every packet but the last is full, sizes %s", sizes)
                .allMatch(packet -> packet.bytes().remaining() == PACKET);
        assertThat(from.packer.backlog()).isZero();
        for (long number = 1; number <= sizes.size(); number++) {
            assertThat(from.packer.delivered(number)).isPresent();
        }
    }
}
