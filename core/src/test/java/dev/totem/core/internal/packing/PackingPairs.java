/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A sender's packer and its originator, and what a receiver made of the packets. */
final class PackingPairs {

    static final int ENVELOPE_BYTES = 7;

    record Received(Origin origin, int index, long number, byte[] bytes) {}

    static final class Sender {

        final Origin origin;
        final Packer<String> packer;

        Sender(int node, long incarnation, int packetBytesMax) {
            origin = new Origin(NodeId.of(node), incarnation);
            packer = new Packer<>(packetBytesMax);
        }

        OutgoingMessage<String> add(Guarantee guarantee, byte[] message) {
            int envelope = Math.min(ENVELOPE_BYTES, message.length);
            OutgoingMessage<String> outgoing = new OutgoingMessage<>(
                    guarantee,
                    java.util.Arrays.copyOf(message, envelope),
                    java.util.Arrays.copyOfRange(message, envelope, message.length),
                    "message of " + message.length);
            packer.add(outgoing);
            return outgoing;
        }

        OutgoingMessage<String> add(byte[] message) {
            return add(Guarantee.AGREED, message);
        }

        List<Packet> drain() {
            List<Packet> packets = new ArrayList<>();
            for (Optional<Packet> packet = packer.next(); packet.isPresent(); packet = packer.next()) {
                packets.add(packet.get());
            }
            return packets;
        }
    }

    static final class Receiver {

        final Unpacker unpacker;
        final List<Received> received = new ArrayList<>();

        Receiver(int messageBytesMax) {
            unpacker = new Unpacker(messageBytesMax);
        }

        boolean take(Origin origin, Packet packet) {
            return unpacker.unpack(
                    origin,
                    packet.bytes(),
                    (index, number, bytes) -> received.add(new Received(origin, index, number, bytes.readRemaining())));
        }

        void takeAll(Origin origin, List<Packet> packets) {
            packets.forEach(packet -> take(origin, packet));
        }

        List<byte[]> messages() {
            return received.stream().map(Received::bytes).toList();
        }

        List<byte[]> messagesOf(Origin origin) {
            return received.stream()
                    .filter(message -> message.origin().equals(origin))
                    .map(Received::bytes)
                    .toList();
        }
    }

    private PackingPairs() {}

    /** Bytes that differ from place to place, so that a shifted or mixed piece shows. */
    static byte[] message(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
