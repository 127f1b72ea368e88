/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;

/**
 * The fields that several messages share. Any thread.
 *
 * <p>Readers rely on the caller to have checked the length, and refuse every value for which there is no Java value.
 */
final class WireFields {

    static final int NODE_BYTES = Integer.BYTES;
    static final int ORIGIN_BYTES = NODE_BYTES + Long.BYTES;
    static final int RING_BYTES = NODE_BYTES + Long.BYTES;

    private WireFields() {}

    static void requireAtLeast(ByteBuffer in, int bytes) throws MalformedMessageException {
        if (in.remaining() < bytes) {
            throw MalformedMessageException.LENGTH;
        }
    }

    static void requireExactly(ByteBuffer in, int bytes) throws MalformedMessageException {
        if (in.remaining() != bytes) {
            throw MalformedMessageException.LENGTH;
        }
    }

    /** Passes on a message that was read, if its fields fit together. */
    static <M> M requireValid(boolean valid, M message) throws MalformedMessageException {
        if (!valid) {
            throw MalformedMessageException.FIELD;
        }
        return message;
    }

    /** Refuses to write what no receiver would read. */
    static void requireSendable(boolean valid, ProtocolMessage message) {
        if (!valid) {
            throw new IllegalArgumentException("every receiver would refuse " + message);
        }
    }

    static void putNode(ByteBuffer target, NodeId node) {
        target.putInt(node.value());
    }

    static NodeId getNode(ByteBuffer in) throws MalformedMessageException {
        return node(in.getInt());
    }

    static NodeId node(int value) throws MalformedMessageException {
        if (value < 1) {
            throw MalformedMessageException.FIELD;
        }
        return NodeId.of(value);
    }

    static void putNodes(ByteBuffer target, List<NodeId> nodes) {
        for (NodeId node : nodes) {
            putNode(target, node);
        }
    }

    /** @param count already found to be small and to fit in what is left */
    static List<NodeId> getNodes(ByteBuffer in, int count) throws MalformedMessageException {
        NodeId[] nodes = new NodeId[count];
        for (int i = 0; i < count; i++) {
            nodes[i] = getNode(in);
        }
        return List.of(nodes);
    }

    static void putOrigin(ByteBuffer target, Origin origin) {
        putNode(target, origin.node());
        target.putLong(origin.incarnation());
    }

    static Origin getOrigin(ByteBuffer in) throws MalformedMessageException {
        return new Origin(getNode(in), in.getLong());
    }

    static void putRing(ByteBuffer target, RingId ring) {
        putNode(target, ring.representative());
        target.putLong(ring.seq());
    }

    static RingId getRing(ByteBuffer in) throws MalformedMessageException {
        return new RingId(getNode(in), in.getLong());
    }

    static void putFlag(ByteBuffer target, boolean flag) {
        target.put((byte) (flag ? 1 : 0));
    }

    static boolean getFlag(ByteBuffer in) throws MalformedMessageException {
        return switch (in.get()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw MalformedMessageException.FIELD;
        };
    }

    /** Reads the length of a list; the limit comes before any arithmetic with it (P58). */
    static int getCount(ByteBuffer in, int max) throws MalformedMessageException {
        int count = in.getInt();
        if (count < 0 || count > max) {
            throw MalformedMessageException.COUNT;
        }
        return count;
    }

    static boolean isRing(RingId ring) {
        return ring.seq() >= 0;
    }

    static boolean isAscending(List<NodeId> nodes) {
        for (int i = 1; i < nodes.size(); i++) {
            if (nodes.get(i - 1).compareTo(nodes.get(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether an ascending list holds a node. */
    static boolean contains(List<NodeId> ascending, NodeId node) {
        return Collections.binarySearch(ascending, node) >= 0;
    }
}
