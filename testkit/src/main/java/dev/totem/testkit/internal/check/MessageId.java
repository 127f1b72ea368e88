/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import java.util.Arrays;

/**
 * The identity of a message in a log. Immutable, any thread.
 *
 * <p>A test client that chooses it, independently of positions, lets the checker see messages that were misnumbered,
 * repeated or invented. A log without such ids uses {@link #ofContent}, which only tells two contents at one position apart.
 *
 * @param life which life of the sender
 * @param handle which of the sender's handles, from 0; negative if derived
 * @param counter the handle's own count of messages
 */
public record MessageId(NodeId sender, long life, int handle, long counter) {

    private static final int DERIVED = -1;

    /** The id of a message that carries none: its place and what it says. */
    public static MessageId ofContent(NodeId sender, Position position, byte[] payload) {
        long place = mix(
                mix(position.ring().representative().value()) ^ position.ring().seq());
        return new MessageId(sender, mix(place ^ position.index()) ^ Arrays.hashCode(payload), DERIVED, position.seq());
    }

    /** Whether it says less than an id that the sender has chosen. */
    public boolean isDerived() {
        return handle == DERIVED;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 31)) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 29);
    }

    @Override
    public String toString() {
        return isDerived() ? sender + "?" + Long.toHexString(life) : sender + "#" + life + "." + handle + "." + counter;
    }
}
