/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * S5: within one regular configuration, causes come before effects.
 *
 * <p>Only direct causes are looked at; with them checked at every receiver, the indirect ones follow.
 */
final class CausalRules {

    private static final int MISSING = Integer.MAX_VALUE;

    private final History history;
    private final Findings findings;

    CausalRules(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    void check() {
        history.submitted.values().forEach(streams -> streams.values().forEach(this::stream));
        for (RingHistory ring : history.rings.values()) {
            for (Stay receiver : ring.stays) {
                if (!receiver.regular.partial) {
                    prefixes(ring, receiver);
                    causes(ring, receiver);
                }
            }
        }
    }

    private void stream(List<Known> inOrder) {
        @Nullable Known before = null;
        for (Known known : inOrder) {
            if (known.failed != null) {
                continue;
            }
            if (before != null && known.position != null) {
                inTurn(before, known, history.ring(known.position.ring()));
            }
            before = known;
        }
    }

    private void inTurn(Known before, Known known, RingHistory ring) {
        boolean earlierRing = before.position != null && !before.position.ring().equals(ring.ring);
        if (earlierRing) {
            findings.count(EvsRule.S5_FIFO);
            if (before.position != null && before.position.ring().compareTo(ring.ring) > 0) {
                findings.add(
                        EvsRule.S5_FIFO, "overtaken", List.of(), List.of("sent " + before.at(), "then " + known.at()));
            }
            return;
        }
        for (Stay stay : ring.stays) {
            if (stay.regular.partial || !stay.delivered.get(known.rank)) {
                continue;
            }
            findings.count(EvsRule.S5_FIFO);
            boolean fine = before.rank >= 0 && stay.delivered.get(before.rank) && before.rank < known.rank;
            if (!fine) {
                findings.add(
                        EvsRule.S5_FIFO,
                        "what was sent before it is missing or later",
                        List.of(stay.life()),
                        List.of(
                                "sent " + before.at(),
                                "then " + known.at(),
                                stay.life().says("DLV " + known.at())));
            }
        }
    }

    /** Of each sender, a receiver delivers the messages of a ring up to some point, whoever is in its configuration. */
    private void prefixes(RingHistory ring, Stay receiver) {
        Map<NodeId, Known> missing = new HashMap<>();
        for (Known known : ring.messages) {
            if (!receiver.delivered.get(known.rank)) {
                missing.putIfAbsent(known.sender, known);
                continue;
            }
            findings.count(EvsRule.S5_FIFO);
            Known before = missing.get(known.sender);
            if (before != null) {
                findings.add(
                        EvsRule.S5_FIFO,
                        "an earlier message of the same sender is missing",
                        List.of(receiver.life()),
                        List.of(
                                "sent " + before.at(),
                                "then " + known.at(),
                                receiver.life().says("DLV " + known.at())));
                return;
            }
        }
    }

    private void causes(RingHistory ring, Stay receiver) {
        List<Known> sequence = new ArrayList<>(receiver.regular.delivered);
        receiver.transitionalSpan().ifPresent(span -> sequence.addAll(span.delivered));
        int[] placeOf = new int[ring.messages.size()];
        Arrays.fill(placeOf, MISSING);
        for (int place = 0; place < sequence.size(); place++) {
            int rank = sequence.get(place).rank;
            if (rank >= 0 && rank < placeOf.length && ring.messages.get(rank) == sequence.get(place)) {
                placeOf[rank] = place;
            }
        }
        for (Stay sender : ring.stays) {
            if (sender != receiver && !sender.regular.partial) {
                causesBy(ring, sender, receiver, placeOf);
            }
        }
    }

    /** Walks the sender's deliveries and its sends side by side; {@code latest} is the last cause so far at the receiver. */
    private void causesBy(RingHistory ring, Stay sender, Stay receiver, int[] placeOf) {
        List<Known> causes = sender.regular.delivered;
        int read = 0;
        int latest = -1;
        @Nullable Known witness = null;
        for (Known known : ring.messages) {
            Known.Moment moment = known.earliest();
            if (moment == null || moment.life() != sender.life() || moment.span() != sender.regular) {
                continue;
            }
            while (read < moment.deliveredBefore()) {
                Known cause = causes.get(read++);
                int place = cause.rank >= 0 && cause.rank < placeOf.length ? placeOf[cause.rank] : MISSING;
                if (place > latest) {
                    latest = place;
                    witness = cause;
                }
            }
            int place = placeOf[known.rank];
            if (place == MISSING) {
                continue;
            }
            findings.count(EvsRule.S5_CAUSAL);
            if (latest >= place && witness != null) {
                findings.add(
                        EvsRule.S5_CAUSAL,
                        "its cause is missing or later",
                        List.of(sender.life(), receiver.life()),
                        List.of(
                                sender.life().says("DLV " + witness.at()),
                                sender.life().says("SEND " + known.at()),
                                receiver.life().says("DLV " + known.at()),
                                receiver.life()
                                        .says(latest == MISSING ? "never " + witness.id : "DLV " + witness.at())));
            }
        }
    }
}
