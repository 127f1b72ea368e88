/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.Delivery;
import dev.totem.core.GroupName;
import dev.totem.core.NodeId;
import dev.totem.testkit.internal.check.MessageId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Messages that say who they are, and of which every byte is known. Static, any thread.
 *
 * <p>The id is at the start of the payload; in one too small for it, it is the name of a group that nobody joins.
 */
final class SimPayload {

    private static final int ID_BYTES = 24;
    private static final String ID_GROUP = "id/";

    private SimPayload() {}

    static byte[] of(MessageId mid, int bytes) {
        byte[] payload = new byte[bytes];
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        if (bytes >= ID_BYTES) {
            buffer.putInt(mid.sender().value())
                    .putInt((int) mid.life())
                    .putInt(mid.handle())
                    .putLong(mid.counter())
                    .putInt(bytes);
        }
        long state = mid.hashCode() * 0x9E3779B97F4A7C15L + bytes;
        while (buffer.remaining() >= Long.BYTES) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            buffer.putLong(state ^ (state >>> 33));
        }
        while (buffer.hasRemaining()) {
            buffer.put((byte) (state >>>= 5));
        }
        return payload;
    }

    /** The group that names the message, if its payload cannot. */
    static Optional<GroupName> idGroup(MessageId mid, int bytes) {
        return bytes >= ID_BYTES
                ? Optional.empty()
                : Optional.of(GroupName.of(
                        ID_GROUP + mid.sender() + "/" + mid.life() + "/" + mid.handle() + "/" + mid.counter()));
    }

    /** Which message this is; empty if it is none of ours or a byte is wrong. */
    static Optional<MessageId> read(Delivery delivery) {
        byte[] payload = delivery.payload();
        return claimedId(delivery)
                .filter(id -> id.sender().equals(delivery.sender()) && Arrays.equals(payload, of(id, payload.length)));
    }

    /** Which message it says it is. */
    static Optional<MessageId> claimedId(Delivery delivery) {
        byte[] payload = delivery.payload();
        return payload.length >= ID_BYTES ? fromBytes(payload) : fromGroups(delivery);
    }

    private static Optional<MessageId> fromBytes(byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        int sender = buffer.getInt();
        return sender < 1
                ? Optional.empty()
                : Optional.of(new MessageId(NodeId.of(sender), buffer.getInt(), buffer.getInt(), buffer.getLong()));
    }

    private static Optional<MessageId> fromGroups(Delivery delivery) {
        return delivery.groups().stream()
                .map(GroupName::value)
                .filter(name -> name.startsWith(ID_GROUP))
                .map(name -> name.split("/", -1))
                .filter(parts -> parts.length == 5)
                .map(parts -> new MessageId(
                        NodeId.of(Integer.parseInt(parts[1])),
                        Long.parseLong(parts[2]),
                        Integer.parseInt(parts[3]),
                        Long.parseLong(parts[4])))
                .findFirst();
    }
}
