/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.ConfigChange;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.RingId;
import dev.totem.core.SendFailedException;
import java.util.List;
import java.util.Optional;

/** One line of a process's log ({@code PROTOCOL.md} 9.1). Immutable, any thread. */
public sealed interface LogEvent {

    /** Calls the handler's method for this kind. */
    void dispatch(Handler handler);

    /**
     * A configuration change was delivered.
     *
     * @param ring as in {@link ConfigChange}: the old ring of a transitional one
     * @param successor the ring that is being installed; if empty, the next regular configuration of the log tells
     * @param primary whether it may decide; empty if the nodes have no quorum, or the log does not tell
     */
    record Conf(
            ConfigChange.Kind kind,
            RingId ring,
            Optional<RingId> successor,
            List<NodeId> members,
            List<NodeId> joined,
            List<NodeId> left,
            Optional<Boolean> primary)
            implements LogEvent {

        public Conf {
            members = List.copyOf(members);
            joined = List.copyOf(joined);
            left = List.copyOf(left);
        }

        /** Of a node without a quorum. */
        public static Conf of(ConfigChange change) {
            return of(change, Quorum.none());
        }

        public static Conf of(ConfigChange change, Quorum quorum) {
            return new Conf(
                    change.kind(),
                    change.ring(),
                    Optional.of(change.successor()),
                    change.members(),
                    change.joined(),
                    change.left(),
                    quorum.isNone() ? Optional.empty() : Optional.of(change.isPrimary()));
        }

        public boolean isRegular() {
            return kind == ConfigChange.Kind.REGULAR;
        }

        @Override
        public void dispatch(Handler handler) {
            handler.conf(this);
        }

        @Override
        public String toString() {
            String kind = isRegular()
                    ? "CONF R " + ring
                    : "CONF T " + ring + ">" + successor.map(RingId::toString).orElse("?");
            return kind + " " + members
                    + primary.map(is -> is ? " primary" : " not primary").orElse("");
        }
    }

    /**
     * The application handed a message over.
     *
     * @param isOnlyInPrimary whether it is for primary configurations only
     */
    record Submit(MessageId mid, Guarantee guarantee, boolean isOnlyInPrimary) implements LogEvent {

        public Submit(MessageId mid, Guarantee guarantee) {
            this(mid, guarantee, false);
        }

        @Override
        public void dispatch(Handler handler) {
            handler.submit(this);
        }

        @Override
        public String toString() {
            return "SUBMIT " + mid;
        }
    }

    /** The message's last frame was multicast for the first time. */
    record Send(MessageId mid, Guarantee guarantee, RingId ring, long seq) implements LogEvent {
        @Override
        public void dispatch(Handler handler) {
            handler.send(this);
        }

        @Override
        public String toString() {
            return "SEND " + mid + " on " + ring + "/" + seq;
        }
    }

    /** The send completed. */
    record Sent(MessageId mid, Position position) implements LogEvent {
        @Override
        public void dispatch(Handler handler) {
            handler.sent(this);
        }

        @Override
        public String toString() {
            return "SENT " + mid + " at " + position;
        }
    }

    /** The send failed. */
    record Unsent(MessageId mid, SendFailedException.Fate fate) implements LogEvent {
        @Override
        public void dispatch(Handler handler) {
            handler.unsent(this);
        }

        @Override
        public String toString() {
            return "UNSENT " + mid + " " + fate;
        }
    }

    /**
     * Who is in a group changed.
     *
     * @param isFarewell whether those that left did so with their handle or their node
     */
    record Group(
            GroupName group,
            List<MemberId> members,
            List<MemberId> joined,
            List<MemberId> left,
            boolean isFarewell,
            Position position)
            implements LogEvent {

        public Group {
            members = List.copyOf(members);
            joined = List.copyOf(joined);
            left = List.copyOf(left);
        }

        public static Group of(GroupChange change) {
            return new Group(
                    change.group(),
                    ids(change.members()),
                    ids(change.joined()),
                    ids(change.left()),
                    change.reason() == GroupChange.Reason.CLOSED,
                    change.position());
        }

        private static List<MemberId> ids(List<GroupMember> members) {
            return members.stream().map(GroupMember::id).toList();
        }

        @Override
        public void dispatch(Handler handler) {
            handler.group(this);
        }

        @Override
        public String toString() {
            return "GROUP " + group + " " + members + " +" + joined + " -" + left + " at " + position;
        }
    }

    /**
     * A message was delivered.
     *
     * @param groups where it was sent to, as far as the log tells
     */
    record Deliver(MessageId mid, NodeId sender, Guarantee guarantee, Position position, List<GroupName> groups)
            implements LogEvent {

        public Deliver {
            groups = List.copyOf(groups);
        }

        /** Of a log that does not tell the groups. */
        public Deliver(MessageId mid, NodeId sender, Guarantee guarantee, Position position) {
            this(mid, sender, guarantee, position, List.of());
        }

        @Override
        public void dispatch(Handler handler) {
            handler.deliver(this);
        }

        @Override
        public String toString() {
            return "DLV " + mid + " at " + position + (guarantee == Guarantee.SAFE ? " SAFE" : "");
        }
    }

    /**
     * The harness killed the process here.
     *
     * @param isTailLost what its node had delivered last waited for its subscribers, so the log does not have it
     */
    record Fail(boolean isTailLost) implements LogEvent {
        @Override
        public void dispatch(Handler handler) {
            handler.fail(this);
        }

        @Override
        public String toString() {
            return "FAIL";
        }
    }

    /** The process left in order: what it had to deliver it has delivered. */
    record Left() implements LogEvent {
        @Override
        public void dispatch(Handler handler) {
            handler.left();
        }

        @Override
        public String toString() {
            return "LEFT";
        }
    }

    /** What the process did from here on is not known: it was paused for good, or stopped itself. */
    record Stuck() implements LogEvent {
        @Override
        public void dispatch(Handler handler) {
            handler.stuck();
        }

        @Override
        public String toString() {
            return "STUCK";
        }
    }

    /** One method a kind of event. */
    interface Handler {

        void conf(Conf conf);

        void submit(Submit submit);

        void send(Send send);

        void sent(Sent sent);

        void unsent(Unsent unsent);

        void deliver(Deliver deliver);

        void group(Group group);

        void fail(Fail fail);

        void left();

        void stuck();
    }
}
