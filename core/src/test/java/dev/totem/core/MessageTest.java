/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link Message} and {@link Delivery} are as values, and whose their payloads are. */
class MessageTest {

    private static final RingId RING = new RingId(NodeId.of(1), 4);
    private static final List<GroupName> GROUPS = List.of(GroupName.of("a"), GroupName.of("b"));

    private static Delivery delivery(long seq, byte... payload) {
        return new Delivery(NodeId.of(2), GROUPS, Guarantee.SAFE, new Position(RING, seq, 0), payload);
    }

    @Test
    void aMessageIsItsGroupsItsGuaranteeAndItsBytes() {
        Message message = Message.to("a", "b").safe().payload(new byte[] {1, 2});

        assertThat(message)
                .isEqualTo(new Message(GROUPS, Guarantee.SAFE, new byte[] {1, 2}))
                .hasSameHashCodeAs(new Message(GROUPS, Guarantee.SAFE, new byte[] {1, 2}))
                .isNotEqualTo(message.agreed())
                .isNotEqualTo(message.payload(new byte[] {1, 3}))
                .isNotEqualTo(Message.to("a").safe().payload(new byte[] {1, 2}))
                .hasToString("Message[2 bytes to [a, b], SAFE]");
    }

    @Test
    void aMessageKeepsAnArrayAndCopiesABuffer() {
        byte[] bytes = {1, 2, 3};
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, 2);

        assertThat(Message.of(bytes).payload()).isSameAs(bytes);
        Message copied = Message.of(buffer);
        bytes[1] = 9;
        assertThat(copied.payload()).containsExactly(2, 3);
        assertThat(buffer.remaining()).isEqualTo(2);
    }

    @Test
    void whatOneReceiverWritesNoOtherSees() {
        Delivery delivery = delivery(7, (byte) 1, (byte) 2);

        delivery.payload()[0] = 9;

        assertThat(delivery.payload()).containsExactly(1, 2);
        assertThat(delivery.payloadBytes()).isEqualTo(2);
        ByteBuffer view = delivery.payloadView();
        assertThat(view.getShort()).isEqualTo((short) 0x0102);
        assertThat(delivery.payloadView().remaining()).isEqualTo(2);
        assertThatExceptionOfType(ReadOnlyBufferException.class)
                .isThrownBy(() -> delivery.payloadView().put((byte) 9));
        assertThat(view.hasArray()).isFalse();
    }

    @Test
    void deliveriesAreEqualIfAllTheySayIs() {
        Delivery delivery = delivery(7, (byte) 1);

        assertThat(delivery)
                .isEqualTo(delivery(7, (byte) 1))
                .hasSameHashCodeAs(delivery(7, (byte) 1))
                .isNotEqualTo(delivery(7, (byte) 2))
                .isNotEqualTo(delivery(8, (byte) 1))
                .isNotEqualTo(new Delivery(NodeId.of(3), GROUPS, Guarantee.SAFE, delivery.position(), new byte[] {1}))
                .isNotEqualTo(new Delivery(NodeId.of(2), GROUPS, Guarantee.AGREED, delivery.position(), new byte[] {1}))
                .isNotEqualTo(
                        new Delivery(NodeId.of(2), List.of(), Guarantee.SAFE, delivery.position(), new byte[] {1}));
        assertThat(delivery.toString())
                .isEqualTo("Delivery[" + delivery.position() + " from 2 to [a, b], SAFE, 1 bytes]");
    }

    @Test
    void namesOfGroupsAreNoNulls() {
        assertThatNullPointerException()
                .isThrownBy(() -> Message.to("a", (String) null))
                .withMessage("more");
        assertThatNullPointerException()
                .isThrownBy(() -> Message.to((String) null))
                .withMessage("first");
    }
}
