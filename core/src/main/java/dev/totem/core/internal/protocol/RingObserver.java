/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.internal.membership.CandidateSets;
import dev.totem.core.internal.membership.RingQuorum;
import dev.totem.core.internal.membership.SettingDifference;
import dev.totem.core.internal.message.Join;

/** What the machine reports; logs and counters derive from it. Called inside a step: must not call back. */
public interface RingObserver {

    /** A phase begins; {@code reason} says why, in words. */
    default void entered(RingPhase phase, String reason) {}

    /** A ring is looked for, after {@code entered} has told that there is none: why, and who may be in it. */
    default void searching(GatherReason reason, CandidateSets sets) {}

    /** A timer was due. */
    default void expired(TimerKind kind) {}

    /** Somebody proposes a membership; before it is known whether that means anything. */
    default void heard(Join join) {}

    /** A message was ignored. */
    default void dropped(DropReason reason) {}

    /** Something happened this many times. */
    default void counted(RingCounter counter, int times) {}

    /** A configuration change was delivered. */
    default void installed(ConfigChange change) {}

    /** The ring that was just installed may decide, or not. */
    default void decided(Quorum quorum, RingQuorum.Verdict verdict) {}

    /**
     * Nothing ran here for this long.
     *
     * @param isLeaseOver whether the lease was held before and ended meanwhile
     */
    default void slept(long nanos, boolean isLeaseOver) {}

    /** Another live process has this node's id. */
    default void duplicateId(NodeId id) {}

    /** Another node tells of a setting that is not as here. */
    default void differs(SettingDifference difference) {}

    /** Another node, which announces itself, has not heard this one for a while, although this one does so too. */
    default void unheard(NodeId node) {}

    /** A token rotation took this long. */
    default void rotated(long nanos) {}
}
