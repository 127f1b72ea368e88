/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SuiteName;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A frame that did not open, and what its header says, which anybody may have written. Node loop only; valid as long as the read.
 *
 * @param at where it begins
 */
public record RefusedFrame(OpenFailure reason, SocketAddress source, ByteBuffer read, int at) {

    private boolean hasHeader() {
        return read.limit() - at >= SealHeader.BYTES;
    }

    /** The suite that it is sealed with. */
    String suite() {
        return hasHeader() ? SuiteName.describe(SealHeader.suiteAt(read, at)) : "unknown";
    }

    /** The key that it is sealed with. */
    String key() {
        return hasHeader() ? String.valueOf(SealHeader.keyIdAt(read, at)) : "unknown";
    }

    /** The tag of its cluster. */
    String cluster() {
        return hasHeader() ? hex(SealHeader.clusterTagAt(read, at)) : "unknown";
    }

    /** Who has sent it, and from where. */
    String origin() {
        return (hasHeader() ? "node " + SealHeader.senderAt(read, at) + " at " : "") + source;
    }

    /** A tag as people compare it. */
    static String hex(int tag) {
        return String.format("%08x", tag);
    }
}
