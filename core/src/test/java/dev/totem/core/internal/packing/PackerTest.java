/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.totem.core.Guarantee;
import dev.totem.core.internal.packing.PackingPairs.Receiver;
import dev.totem.core.internal.packing.PackingPairs.Sender;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PackerTest {

    private static final int PACKET = 200;

    private final Sender sender = new Sender(1, 1, PACKET);
    private final Receiver receiver = new Receiver(1 << 20);

    @Test
    void hasABacklogExactlyWhileSomethingWaits() {
        assertThat(sender.packer.backlog()).isZero();
        assertThat(sender.packer.next()).isEmpty();
        sender.add(new byte[0]);
        assertThat(sender.packer.backlog()).isEqualTo(1);
        assertThat(sender.packer.next()).isPresent();
        assertThat(sender.packer.backlog()).isZero();
    }

    @Test
    void estimatesTheBacklogInPackets() {
        for (int i = 0; i < 100; i++) {
            sender.add(new byte[198]);
        }
        int estimate = sender.packer.backlog();
        assertThat(estimate).isBetween(100, 110);
        assertThat(sender.drain()).hasSizeBetween(estimate - 10, estimate);
    }

    @Test
    void packsSmallMessagesTogether() {
        for (int i = 0; i < 15; i++) {
            sender.add(new byte[10]);
        }
        assertThat(sender.drain()).hasSize(1);
    }

    @Test
    void allocatesNoMoreThanWaits() {
        sender.add(new byte[10]);
        assertThat(sender.packer.next().orElseThrow().bytes().capacity()).isLessThan(30);
    }

    @Test
    void closesThePacketWhenTheGuaranteeChanges() {
        sender.add(Guarantee.AGREED, new byte[10]);
        sender.add(Guarantee.SAFE, new byte[10]);
        sender.add(Guarantee.SAFE, new byte[10]);
        sender.add(Guarantee.AGREED, new byte[10]);
        assertThat(sender.drain())
                .extracting(Packet::guarantee)
                .containsExactly(Guarantee.AGREED, Guarantee.SAFE, Guarantee.AGREED);
    }

    @Test
    void leavesOutWhatWasCancelledBeforeItBegan() {
        byte[] first = {1};
        byte[] last = {3};
        sender.add(first);
        OutgoingMessage<String> middle = sender.add(new byte[5_000]);
        sender.add(last);

        assertThat(sender.packer.cancel(middle)).isTrue();
        assertThat(sender.packer.cancel(middle)).isFalse();

        assertThat(sender.packer.backlog()).isEqualTo(1);
        receiver.takeAll(sender.origin, sender.drain());
        assertThat(receiver.messages()).containsExactly(first, last);
    }

    @Test
    void cancelsAtEachEndOfTheQueue() {
        OutgoingMessage<String> first = sender.add(new byte[1]);
        OutgoingMessage<String> last = sender.add(new byte[2]);
        assertThat(sender.packer.cancel(last)).isTrue();
        assertThat(sender.packer.cancel(first)).isTrue();
        assertThat(sender.packer.backlog()).isZero();
        byte[] next = {7};
        sender.add(next);
        receiver.takeAll(sender.origin, sender.drain());
        assertThat(receiver.messages()).containsExactly(next);
    }

    @Test
    void doesNotCancelWhatHasBegun() {
        OutgoingMessage<String> large = sender.add(new byte[5_000]);
        OutgoingMessage<String> small = sender.add(new byte[1]);
        sender.packer.next();
        assertThat(sender.packer.cancel(large)).isFalse();
        sender.drain();
        assertThat(sender.packer.cancel(small)).isFalse();
        assertThat(small.isStarted()).isTrue();
    }

    @Test
    void cancelsAgainAfterAConfigurationTookTheBeginningBack() {
        OutgoingMessage<String> large = sender.add(new byte[5_000]);
        sender.packer.next();
        sender.packer.configurationInstalled();
        assertThat(sender.packer.cancel(large)).isTrue();
        assertThat(sender.packer.backlog()).isZero();
        assertThat(sender.packer.next()).isEmpty();
    }

    @Test
    void knowsItsMessagesWhenTheyComeBack() {
        OutgoingMessage<String> first = sender.add(new byte[1]);
        OutgoingMessage<String> second = sender.add(new byte[1]);
        sender.drain();
        assertThat(sender.packer.delivered(2)).isEmpty();
        assertThat(sender.packer.delivered(1)).containsSame(first);
        assertThat(sender.packer.delivered(1)).isEmpty();
        assertThat(sender.packer.delivered(2)).containsSame(second);
    }

    @Test
    @Tag("P46")
    void countsTheBacklogRightAfterAnyMixOfCalls() {
        Random random = new Random(3);
        for (int round = 0; round < 2_000; round++) {
            switch (random.nextInt(4)) {
                case 0 -> sender.add(new byte[random.nextInt(900)]);
                case 1 -> sender.packer.cancel(sender.add(new byte[random.nextInt(900)]));
                case 2 -> sender.packer.next();
                default -> sender.packer.configurationInstalled();
            }
        }
        int estimate = sender.packer.backlog();
        List<Packet> rest = sender.drain();
        assertThat(rest.size()).isBetween(estimate - estimate / 10 - 1, estimate);
        assertThat(sender.packer.backlog()).isZero();
    }

    @Test
    void refusesPacketSizesThatCannotWork() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Packer<String>(Packer.PACKET_BYTES_MIN - 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Packer<String>(Packer.PACKET_BYTES_MAX + 1));
    }
}
