/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.internal.message.RegularToken;
import java.util.ArrayList;
import java.util.List;

/**
 * What this processor asks for on the token ({@code PROTOCOL.md} 4.4). Node loop only; one per ring.
 *
 * <p>A message is requested when it was announced and missing at a number of visits. All that is missing now below the
 * seq of an earlier visit was missing then, so remembering the seq of the last visits stands for a counter per message; with
 * two visits it is the bound of the accelerated ring as well (7.2). The bound is what the token announced, not what was
 * received (P3).
 */
public final class RetransmitRequests {

    /** What the last visits announced, the oldest at {@link #oldest}; 0 stands for visits that have not been yet. */
    private final long[] announced;

    private int oldest;

    /** @param missCount visits at which a message must be missing before it is requested, from 1 */
    public RetransmitRequests(int missCount) {
        announced = new long[missCount];
    }

    /** Notes what the token of this visit announces, as received; once per visit, before {@link #extend}. */
    public void visited(long tokenSeq) {
        announced[oldest] = tokenSeq;
        oldest = (oldest + 1) % announced.length;
    }

    /** The requests that stay on the token, and this processor's own behind them, as far as there is room. */
    public List<Long> extend(List<Long> kept, MessageStore store) {
        long bound = Math.min(announced[oldest], store.last());
        if (store.aru() >= bound) {
            return kept;
        }
        List<Long> requests = new ArrayList<>(kept);
        for (long seq = store.aru() + 1; seq <= bound && requests.size() < RegularToken.REQUESTS_MAX; seq++) {
            if (!store.holds(seq) && !kept.contains(seq)) {
                requests.add(seq);
            }
        }
        return requests;
    }
}
