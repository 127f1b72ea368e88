/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A fact that a processor noticed, and that led to a change of the configuration. Immutable, any thread.
 *
 * <p>What processors notice travels in their Joins, so a {@link ConfigChange} has the causes of all who took part in it, each with the
 * node that noticed it. Its text says it in a few words. Kinds may be added.
 */
public sealed interface ChangeCause {

    /** Who noticed it; of several that noticed the same the one with the lowest id. */
    NodeId seenBy();

    /** The kind in one word, as {@code totem node --json} has it: {@code token-lost}, {@code member-silent}, … */
    String kind();

    /**
     * The token did not come back within the token timeout.
     *
     * @param lastHeard the member last heard to have had it: who sent the last message that came, or {@code seenBy} itself
     * @param copies how often {@code seenBy} sent it again to its successor
     * @param age time since {@code seenBy} had it
     */
    record TokenLost(NodeId seenBy, NodeId lastHeard, int copies, Duration age) implements ChangeCause {
        public TokenLost {
            requireNonNull(seenBy, "seenBy");
            requireNonNull(lastHeard, "lastHeard");
            requireNonNull(age, "age");
        }

        @Override
        public String kind() {
            return "token-lost";
        }

        @Override
        public String toString() {
            return "token lost at node " + seenBy + ", which had it " + age.toMillis() + " ms before and sent it again "
                    + copies + " times; last heard of at node " + lastHeard;
        }
    }

    /**
     * A processor did not take part in the search for the next ring, and was given up on.
     *
     * @param silence time since it was last heard, or since the search began
     * @param isHeard whether it was heard during the search, and did not agree: perhaps it does not hear {@code seenBy}
     */
    record MemberSilent(NodeId seenBy, NodeId member, Duration silence, boolean isHeard) implements ChangeCause {
        public MemberSilent {
            requireNonNull(seenBy, "seenBy");
            requireNonNull(member, "member");
            requireNonNull(silence, "silence");
        }

        @Override
        public String kind() {
            return "member-silent";
        }

        @Override
        public String toString() {
            return "node " + member
                    + (isHeard ? " heard at node " + seenBy + " but not in agreement" : " not heard at node " + seenBy)
                    + " for " + silence.toMillis() + " ms";
        }
    }

    /** A member left in order. */
    record MemberLeft(NodeId seenBy, NodeId member) implements ChangeCause {
        public MemberLeft {
            requireNonNull(seenBy, "seenBy");
            requireNonNull(member, "member");
        }

        @Override
        public String kind() {
            return "member-left";
        }

        @Override
        public String toString() {
            return "node " + member + " left";
        }
    }

    /** A member passed the token on, and did not receive what was missing. */
    record FailedToReceive(NodeId seenBy, NodeId member) implements ChangeCause {
        public FailedToReceive {
            requireNonNull(seenBy, "seenBy");
            requireNonNull(member, "member");
        }

        @Override
        public String kind() {
            return "failed-to-receive";
        }

        @Override
        public String toString() {
            return "node " + member + " failed to receive, says node " + seenBy;
        }
    }

    /**
     * A processor that was no member was heard: another ring, or a node that has just started.
     *
     * @param heard the first of them that was heard
     */
    record ForeignRing(NodeId seenBy, NodeId heard) implements ChangeCause {
        public ForeignRing {
            requireNonNull(seenBy, "seenBy");
            requireNonNull(heard, "heard");
        }

        @Override
        public String kind() {
            return "foreign-ring";
        }

        @Override
        public String toString() {
            return "node " + heard + " of another ring heard at node " + seenBy;
        }
    }

    /** A member was started again while its former life was still taken for a member. */
    record NewLife(NodeId seenBy, NodeId member) implements ChangeCause {
        public NewLife {
            requireNonNull(seenBy, "seenBy");
            requireNonNull(member, "member");
        }

        @Override
        public String kind() {
            return "new-life";
        }

        @Override
        public String toString() {
            return "node " + member + " started again";
        }
    }

    /** Nothing ran in {@code seenBy} for this long: a stopped process, a collector, a machine that stood still. */
    record Paused(NodeId seenBy, Duration length) implements ChangeCause {
        public Paused {
            requireNonNull(seenBy, "seenBy");
            requireNonNull(length, "length");
        }

        @Override
        public String kind() {
            return "paused";
        }

        @Override
        public String toString() {
            return "node " + seenBy + " stood still for " + length.toMillis() + " ms";
        }
    }

    /**
     * A ring was agreed upon, and the token that confirms it did not come back.
     *
     * @param ring the first that {@code seenBy} lost
     */
    record CommitLost(NodeId seenBy, RingId ring) implements ChangeCause {
        public CommitLost {
            requireNonNull(seenBy, "seenBy");
            requireNonNull(ring, "ring");
        }

        @Override
        public String kind() {
            return "commit-lost";
        }

        @Override
        public String toString() {
            return "attempt to form ring " + ring + " lost at node " + seenBy;
        }
    }

    /**
     * A setting that members should have in common is another one there; of several the first.
     *
     * @param ours the value at {@code seenBy}, as users write it
     * @param theirs the value at {@code other}
     */
    record SettingsDiffer(NodeId seenBy, NodeId other, String setting, String ours, String theirs)
            implements ChangeCause {
        public SettingsDiffer {
            requireNonNull(seenBy, "seenBy");
            requireNonNull(other, "other");
            requireNonNull(setting, "setting");
            requireNonNull(ours, "ours");
            requireNonNull(theirs, "theirs");
        }

        @Override
        public String kind() {
            return "settings-differ";
        }

        @Override
        public String toString() {
            return "setting " + setting + " is " + ours + " at node " + seenBy + " and " + theirs + " at node " + other;
        }
    }

    /** Frames came to {@code seenBy} that it could not open. Who sent them is not known; where nothing is sealed, there are none. */
    record KeyUnknown(NodeId seenBy, Why why) implements ChangeCause {

        /** Why they did not open. */
        public enum Why {
            /** Sealed with a key that this node does not have. */
            OTHER_KEY,
            /** Sealed with another suite. */
            OTHER_SUITE,
            /** Sealed with another key of the same number, or altered on the way. */
            NOT_AUTHENTIC
        }

        public KeyUnknown {
            requireNonNull(seenBy, "seenBy");
            requireNonNull(why, "why");
        }

        @Override
        public String kind() {
            return "key-unknown";
        }

        @Override
        public String toString() {
            return "frames that node " + seenBy + " cannot open ("
                    + switch (why) {
                        case OTHER_KEY -> "another key";
                        case OTHER_SUITE -> "another suite";
                        case NOT_AUTHENTIC -> "not authentic";
                    }
                    + ")";
        }
    }

    /** Another live process uses the id of {@code seenBy}. */
    record Twin(NodeId seenBy) implements ChangeCause {
        public Twin {
            requireNonNull(seenBy, "seenBy");
        }

        @Override
        public String kind() {
            return "twin";
        }

        @Override
        public String toString() {
            return "another process has the id of node " + seenBy;
        }
    }
}
