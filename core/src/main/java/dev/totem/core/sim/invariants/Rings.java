/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.sim.invariants;

import dev.totem.core.RingId;
import dev.totem.core.message.Origin;
import dev.totem.core.protocol.RingView.OrderView;
import java.util.Optional;
import java.util.TreeMap;

/** The ledgers of the latest rings. One thread. */
final class Rings {

    /** Far more than can be alive at one time. */
    private static final int RINGS_MAX = 1_000;

    private final TreeMap<RingId, RingLedger> ledgers = new TreeMap<>();

    /** Takes down what a member has of a ring; the answer is the ring's ledger. */
    RingLedger seen(Origin member, OrderView view) {
        RingLedger ledger = ledgers.get(view.ring());
        if (ledger == null) {
            ledger = new RingLedger(view.ring(), view.members(), member);
            ledgers.put(view.ring(), ledger);
            if (ledgers.size() > RINGS_MAX) {
                ledgers.pollFirstEntry();
            }
        }
        ledger.seen(member, view);
        return ledger;
    }

    Optional<RingLedger> of(RingId ring) {
        return Optional.ofNullable(ledgers.get(ring));
    }
}
