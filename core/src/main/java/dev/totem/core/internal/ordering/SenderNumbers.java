/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.NodeId;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The highest number that came from each member of a ring. Node loop only. */
final class SenderNumbers {

    private final SortedMap<NodeId, Highest> senders = new TreeMap<>();

    /** Whose message came last: frames of one sender come in runs. */
    private @Nullable Highest latest;

    private static final class Highest {

        private final NodeId sender;
        private long seq;

        private Highest(NodeId sender) {
            this.sender = sender;
        }
    }

    void filed(NodeId sender, long seq) {
        Highest of = latest;
        if (of == null || !of.sender.equals(sender)) {
            of = senders.computeIfAbsent(sender, Highest::new);
            latest = of;
        }
        of.seq = Math.max(of.seq, seq);
    }

    /** A copy. */
    SortedMap<NodeId, Long> list() {
        SortedMap<NodeId, Long> numbers = new TreeMap<>();
        senders.forEach((sender, highest) -> numbers.put(sender, highest.seq));
        return numbers;
    }
}
