/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.internal.message.RegularToken;

/**
 * Whether the token asks for what nobody has, as a token whose seq was spoiled does. Node loop only; one per ring.
 *
 * <p>Ours: the papers trust their members. Who has a message that is asked for sends it at once, and the token counts it. So if a
 * token comes round and nobody has sent anything, while what this processor misses first is still asked for, nobody has that: all
 * have been asked. It is asked for a while longer all the same.
 */
public final class UnservedRequests {

    private final long patienceNanos;
    private long missing;
    private long sinceNanos;

    public UnservedRequests(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /**
     * A token was accepted.
     *
     * @param token as it came
     * @param store as it is before anything is sent again
     * @return whether the ring cannot go on
     */
    public boolean visited(RegularToken token, MessageStore store, long nowNanos) {
        long first = store.aru() + 1;
        boolean isUnserved = token.fcc() == 0
                && !store.holds(first)
                && token.retransmitRequests().contains(first);
        if (!isUnserved || first != missing) {
            missing = isUnserved ? first : 0;
            sinceNanos = nowNanos;
        }
        return isUnserved && nowNanos - sinceNanos >= patienceNanos;
    }
}
