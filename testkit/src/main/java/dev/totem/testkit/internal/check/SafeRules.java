/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** S7: what is delivered as safe is delivered by every member of the configuration, whatever becomes of the deliverer. */
final class SafeRules {

    private final History history;
    private final Findings findings;

    SafeRules(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    void check() {
        for (RingHistory ring : history.rings.values()) {
            for (Promise promise : promises(ring).values()) {
                for (NodeId member : promise.by.conf.members()) {
                    kept(ring, promise, member);
                }
            }
        }
    }

    /** What was delivered as safe, by the configuration in which it was. */
    private static Map<Span.Key, Promise> promises(RingHistory ring) {
        Map<Span.Key, Promise> promises = new LinkedHashMap<>();
        for (Stay stay : ring.stays) {
            promise(ring, stay.regular, promises);
            stay.transitionalSpan().ifPresent(span -> promise(ring, span, promises));
        }
        return promises;
    }

    private static void promise(RingHistory ring, Span span, Map<Span.Key, Promise> promises) {
        for (Known known : span.delivered) {
            boolean here = known.position != null && known.position.ring().equals(ring.ring);
            if (here && known.guarantee == Guarantee.SAFE) {
                promises.computeIfAbsent(span.key(), key -> new Promise(span, new BitSet()))
                        .ranks
                        .set(known.rank);
            }
        }
    }

    private void kept(RingHistory ring, Promise promise, NodeId member) {
        Optional<Stay> stay = ring.stayOf(member);
        if (stay.isEmpty()) {
            installed(ring, promise, member);
            return;
        }
        Stay theirs = stay.get();
        findings.count(EvsRule.S7_2, promise.by.isRegular() ? 1 : 0);
        if (theirs.regular.partial || !(theirs.isOver() || theirs.life().left || history.isLiveAtEnd(theirs.life()))) {
            return;
        }
        findings.count(EvsRule.S7_1, promise.ranks.cardinality());
        BitSet missing = (BitSet) promise.ranks.clone();
        missing.andNot(theirs.delivered);
        if (!missing.isEmpty()) {
            Known known = ring.messages.get(missing.nextSetBit(0));
            findings.add(
                    EvsRule.S7_1,
                    "member " + member + " did not deliver it",
                    List.of(promise.by.life, theirs.life()),
                    List.of(
                            promise.by.life.says(promise.by.conf),
                            promise.by.life.says("DLV " + known.at()),
                            theirs.life().says(theirs.regular.conf),
                            theirs.life()
                                    .says(theirs.transitionalSpan()
                                            .map(span -> span.conf.toString())
                                            .orElse("no more"))));
        }
    }

    private void installed(RingHistory ring, Promise promise, NodeId member) {
        List<Life> lives = history.livesOf(member);
        boolean cut = lives.stream()
                .anyMatch(life -> life.tailLost || (history.options.tailsLost() && !life.stuck && !life.left));
        if (lives.isEmpty() || cut) {
            return;
        }
        EvsRule rule = promise.by.isRegular() ? EvsRule.S7_2 : EvsRule.S7_1;
        Known known = ring.messages.get(promise.ranks.nextSetBit(0));
        findings.count(rule);
        findings.add(
                rule,
                "member " + member + " never installed " + ring.ring,
                List.of(promise.by.life, lives.get(lives.size() - 1)),
                List.of(promise.by.life.says(promise.by.conf), promise.by.life.says("DLV " + known.at())));
    }

    private record Promise(Span by, BitSet ranks) {}
}
