/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.protocol.RingView.OrderView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all members of one ring were seen to have of it, those that have left or crashed as they were last. One thread.
 *
 * <p>What a member has received only grows, so a lower bound for all members stays one.
 */
final class RingLedger {

    final RingId ring;
    final List<Origin> members;

    /** Who was seen on this ring first. */
    final Origin firstSeen;

    /** The number of the token accepted last by anybody. */
    long tokenSeq = -1;

    /** The number of the token passed on last by anybody. */
    long passedSeq = -1;

    private final Map<Origin, OrderView> latest = new HashMap<>();
    private long aruOfAll;
    private long highReceived;
    private long sent;
    private long backlog;
    private long installSeq = -1;
    private @Nullable Origin installer;

    RingLedger(RingId ring, List<Origin> members, Origin firstSeen) {
        this.ring = ring;
        this.members = List.copyOf(members);
        this.firstSeen = firstSeen;
    }

    boolean knows(Origin member) {
        return latest.containsKey(member);
    }

    void seen(Origin member, OrderView now) {
        OrderView was = latest.put(member, now);
        highReceived = Math.max(highReceived, now.highReceived());
        sent += now.sentLastRotation() - (was == null ? 0 : was.sentLastRotation());
        backlog += now.backlogReported() - (was == null ? 0 : was.backlogReported());
    }

    /** Whether every member holds, or has freed, everything up to there. */
    boolean allHold(long seq) {
        if (seq > aruOfAll) {
            aruOfAll = lowestAru();
        }
        return seq <= aruOfAll;
    }

    private long lowestAru() {
        long lowest = members.isEmpty() ? 0 : Long.MAX_VALUE;
        for (Origin member : members) {
            lowest = Math.min(lowest, aru(member));
        }
        return lowest;
    }

    private long aru(Origin member) {
        OrderView view = latest.get(member);
        return view == null ? 0 : view.aru();
    }

    /** The first member that does not hold everything up to there, for a person. */
    String laggard(long seq) {
        return members.stream()
                .filter(member -> aru(member) < seq)
                .map(member -> "node " + member.node() + " has aru " + aru(member))
                .findFirst()
                .orElse("nobody");
    }

    /** The highest number received by any member. */
    long highReceived() {
        return highReceived;
    }

    /** What all members have put into fcc. */
    long sent() {
        return sent;
    }

    /** What all members have put into backlog. */
    long backlog() {
        return backlog;
    }

    /** A member installs at this number; the answer is whether all did so before. */
    boolean installs(Origin member, long seq) {
        if (installer == null) {
            installer = member;
            installSeq = seq;
        }
        return seq == installSeq;
    }

    String firstInstall() {
        return "node " + (installer == null ? "?" : installer.node()) + " at " + installSeq;
    }
}
