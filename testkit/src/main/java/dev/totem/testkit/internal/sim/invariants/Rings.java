/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.protocol.RingView.OrderView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The ledgers of the latest rings. One thread.
 *
 * <p>A ring id names one ring, unless two processes have the id of its representative: each numbers its own, and the rings
 * are told apart by the life that represents them.
 */
final class Rings {

    /** Far more than can be alive at one time. */
    private static final int RINGS_MAX = 1_000;

    private final TreeMap<RingId, List<RingLedger>> ledgers = new TreeMap<>();
    private final Set<NodeId> shared = new TreeSet<>();

    /** Of the view that was seen last: all rules ask for it. */
    private @Nullable OrderView latestView;

    private Optional<RingLedger> latest = Optional.empty();

    /** From now on there are two processes with this id. */
    void shared(NodeId id) {
        shared.add(id);
        latestView = null;
    }

    /** Takes down what a member has of a ring; the answer is the ring's ledger. */
    RingLedger seen(Origin member, OrderView view) {
        RingLedger ledger = of(view).orElseGet(() -> begun(member, view));
        ledger.seen(member, view);
        latestView = view;
        latest = Optional.of(ledger);
        return ledger;
    }

    private RingLedger begun(Origin member, OrderView view) {
        RingLedger ledger = new RingLedger(view.ring(), view.members(), member);
        ledgers.computeIfAbsent(view.ring(), ring -> new ArrayList<>(1)).add(ledger);
        if (ledgers.size() > RINGS_MAX) {
            ledgers.pollFirstEntry();
        }
        return ledger;
    }

    /** The ledger of the ring that somebody is on; at once for the very view that was seen last. */
    @SuppressWarnings("ReferenceEquality")
    Optional<RingLedger> of(OrderView view) {
        return view == latestView ? latest : find(view);
    }

    private Optional<RingLedger> find(OrderView view) {
        List<RingLedger> known = ledgers.getOrDefault(view.ring(), List.of());
        boolean isShared = shared.contains(view.ring().representative());
        for (RingLedger ledger : known) {
            if (!isShared || ledger.members.get(0).equals(view.members().get(0))) {
                return Optional.of(ledger);
            }
        }
        return Optional.empty();
    }
}
