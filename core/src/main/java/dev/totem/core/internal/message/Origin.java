/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Who said it: a node id and which life of that node.
 *
 * <p>The incarnation grows with each start of a node, so that frames, tokens and commit entries of an earlier life, or of
 * another process with the same id, are recognised even if stable storage was lost ({@code PROTOCOL.md} 8).
 */
public record Origin(NodeId node, long incarnation) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Origin origin && origin.incarnation == incarnation && origin.node.equals(node);
    }

    @Override
    public int hashCode() {
        return 31 * node.hashCode() + Long.hashCode(incarnation);
    }

    @Override
    public String toString() {
        return node + "#" + Long.toHexString(incarnation);
    }
}
